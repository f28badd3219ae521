/** The launcher's words in each language: a page view shows them before anything else is loaded. */
import { type Overrides, overridden } from './overrides.ts'

export interface LauncherLabels {
  readonly open: string
  readonly close: string
  readonly unread: (count: number) => string
  /** Beside the launcher, where the chat's code did not arrive. */
  readonly loadFailed: string
}

export const ENGLISH_LAUNCHER: LauncherLabels = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  loadFailed: 'The chat could not be loaded. Please reload the page.',
}

export const GERMAN_LAUNCHER: LauncherLabels = {
  open: 'Chat öffnen',
  close: 'Chat schließen',
  unread: (count) => (count === 1 ? '1 ungelesene Nachricht' : `${count} ungelesene Nachrichten`),
  loadFailed: 'Der Chat konnte nicht geladen werden. Bitte laden Sie die Seite neu.',
}

export const ARABIC_LAUNCHER: LauncherLabels = {
  open: 'فتح المحادثة',
  close: 'إغلاق المحادثة',
  // "Unread messages: 5": one form for every number.
  unread: (count) => `الرسائل غير المقروءة: ${count}`,
  loadFailed: 'تعذّر تحميل المحادثة. يُرجى إعادة تحميل الصفحة.',
}

const LANGUAGES: Readonly<Record<string, LauncherLabels>> = { ar: ARABIC_LAUNCHER, de: GERMAN_LAUNCHER }

export function launcherWords(locale: string, overrides: Overrides): LauncherLabels {
  return overridden(LANGUAGES[locale.split('-')[0] ?? ''] ?? ENGLISH_LAUNCHER, overrides)
}
