/** The launcher's words in each language: a page view shows them before anything else is loaded. */
import { pluralOf } from '@chat-widget/client/browser'
import type { LauncherLabels } from '../engine-contract.ts'
import { type Overrides, overridden } from './overrides.ts'

export const ENGLISH_LAUNCHER: LauncherLabels = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  loadFailed: 'The chat could not be loaded. Please check your connection and try again.',
}

export const GERMAN_LAUNCHER: LauncherLabels = {
  open: 'Chat öffnen',
  close: 'Chat schließen',
  unread: (count) => (count === 1 ? '1 ungelesene Nachricht' : `${count} ungelesene Nachrichten`),
  loadFailed:
    'Der Chat konnte nicht geladen werden. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
}

export const ARABIC_LAUNCHER: LauncherLabels = {
  open: 'فتح المحادثة',
  close: 'إغلاق المحادثة',
  // The number is in every form, as the badge shows it.
  unread: (count) => {
    switch (pluralOf('ar')(count)) {
      case 'one':
        return 'رسالة غير مقروءة (1)'
      case 'two':
        return 'رسالتان غير مقروءتين (2)'
      case 'few':
        return `${count} رسائل غير مقروءة`
      default:
        return `${count} رسالة غير مقروءة`
    }
  },
  loadFailed: 'تعذّر تحميل المحادثة. يُرجى التحقق من الاتصال والمحاولة مرة أخرى.',
}

const LANGUAGES: Readonly<Record<string, LauncherLabels>> = { ar: ARABIC_LAUNCHER, de: GERMAN_LAUNCHER }

export function launcherWords(locale: string, overrides: Overrides): LauncherLabels {
  return overridden(LANGUAGES[locale.split('-')[0] ?? ''] ?? ENGLISH_LAUNCHER, overrides)
}
