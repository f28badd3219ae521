/** The launcher's words in Arabic. */
import type { LauncherLabels } from './launcher-words.ts'

export const ARABIC_LAUNCHER: LauncherLabels = {
  open: 'فتح المحادثة',
  close: 'إغلاق المحادثة',
  // "Unread messages: 5": one form for every number.
  unread: (count) => `الرسائل غير المقروءة: ${count}`,
  loadFailed: 'تعذّر تحميل المحادثة. يُرجى إعادة تحميل الصفحة.',
}
