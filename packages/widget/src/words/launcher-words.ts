/** The launcher's texts: a page view shows them before anything else is loaded. */

export interface LauncherLabels {
  readonly open: string
  readonly close: string
  readonly unread: (count: number) => string
  /** Shown beside the launcher if the chat's code could not be loaded. */
  readonly loadFailed: string
}

export const ENGLISH_LAUNCHER: LauncherLabels = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  loadFailed: 'The chat could not be loaded. Please reload the page.',
}
