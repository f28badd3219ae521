/** The launcher's words in German. */
import type { LauncherLabels } from './launcher-words.ts'

export const GERMAN_LAUNCHER: LauncherLabels = {
  open: 'Chat öffnen',
  close: 'Chat schließen',
  unread: (count) => (count === 1 ? '1 ungelesene Nachricht' : `${count} ungelesene Nachrichten`),
  loadFailed: 'Der Chat konnte nicht geladen werden. Bitte laden Sie die Seite neu.',
}
