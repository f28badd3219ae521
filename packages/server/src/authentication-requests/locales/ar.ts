/** Arabic. */
import type { RequestStrings } from '../request-strings.ts'

const plural = new Intl.PluralRules('ar')
const NOBODY = 'لم يُسجَّل دخول أحد.'
const ASK_AGAIN = 'إذا كنت تريد تسجيل الدخول، فارجع إلى حيث بدأت واطلب من جديد.'

/** Isolates a foreign name, which keeps its own direction. */
const isolate = (text: string): string => `\u2068${text}\u2069`

/** Picks the form: Arabic counts one, two, a few and many differently. */
function counted(count: number, forms: Readonly<Record<'one' | 'two' | 'few' | 'other', string>>): string {
  const rule = plural.select(count)
  return rule === 'one' || rule === 'two' || rule === 'few' ? forms[rule] : forms.other
}

export const strings: RequestStrings = {
  // Latin digits, like those of codes and addresses on the same page.
  locale: 'ar-u-nu-latn',
  dir: 'rtl',
  question: 'هل هذا أنت؟',
  asks: (app, addressee) => `يريد شخص ما تسجيل الدخول إلى ${isolate(app)} باسم ${isolate(addressee)}.`,
  asked: 'وقت الطلب',
  validUntil: 'صالح حتى',
  claims: 'ما يقوله صاحب الطلب',
  claimsNote: 'هذا كلام صاحب الطلب، ولم يتم التحقق منه.',
  seen: 'من أين جاء الطلب',
  seenNote: 'ما رآه خادمنا، في الدردشة على هذا الموقع.',
  applicationTitle: 'التطبيق',
  userName: 'الاسم',
  userIp: 'عنوان IP',
  userOrigin: 'الموقع',
  advice: 'لا توافق إلا إذا كنت أنت من بدأ هذا الآن. بالموافقة يُسجَّل دخول صاحب الطلب.',
  codeLabel: 'الرمز المعروض حيث قدّمت الطلب',
  codeHint: (digits) => `${digits} أرقام، مطلوبة للموافقة فقط. إذا أرسل إليك أحدهم الرمز فارفض.`,
  approve: 'موافقة',
  deny: 'رفض',
  mute: 'لم أطلب هذا',
  muteHint: (app) => `يرفض الطلب ويوقف الطلبات اللاحقة من هذا النوع من ${isolate(app)}.`,
  errorHeading: 'لم يُتخذ أي قرار بعد',
  errorPrefix: (title) => `خطأ: ${title}`,
  codeMissing: (digits) => `أدخل الأرقام الـ${digits} المعروضة حيث قدّمت الطلب.`,
  codeWrong: 'الرمز غير صحيح.',
  codesLeft: (left) =>
    counted(left, {
      one: 'بقيت محاولة واحدة.',
      two: 'بقيت محاولتان.',
      few: `بقيت ${left} محاولات.`,
      other: `بقيت ${left} محاولة.`,
    }),
  outdated: 'كانت هذه الصفحة قديمة. يُرجى الاختيار من جديد.',
  approved: {
    title: 'تمت الموافقة',
    text: 'ارجع إلى الجهاز أو النافذة حيث بدأت. يمكنك إغلاق هذه الصفحة.',
  },
  denied: { title: 'تم الرفض', text: `${NOBODY} يمكنك إغلاق هذه الصفحة.` },
  muted: (app) => ({
    title: 'تم الرفض، ولا مزيد من الطلبات',
    text: `${NOBODY} لن تصلك طلبات أخرى من هذا النوع من ${isolate(app)}. يمكنك إغلاق هذه الصفحة.`,
  }),
  already: {
    approved: {
      title: 'لقد وافقت على هذا من قبل',
      text: 'ارجع إلى الجهاز أو النافذة حيث بدأت. يمكنك إغلاق هذه الصفحة.',
    },
    denied: { title: 'لقد رفضت هذا من قبل', text: `${NOBODY} يمكنك إغلاق هذه الصفحة.` },
  },
  over: {
    approved: {
      title: 'استُخدم هذا الرابط',
      text: 'تمت الموافقة على الطلب. إن كنت أنت فارجع إلى الجهاز أو النافذة حيث بدأت. وإن لم تكن أنت فهناك من يقرأ بريدك: غيّر كلمة مروره.',
    },
    denied: {
      title: 'استُخدم هذا الرابط',
      text: `رُفض الطلب. ${NOBODY} يمكنك إغلاق هذه الصفحة.`,
    },
    expired: { title: 'انتهت صلاحية هذا الطلب', text: `${NOBODY} ${ASK_AGAIN}` },
    canceled: {
      title: 'أُلغي هذا الطلب',
      text: `${NOBODY} إذا طلبت من جديد فاستخدم أحدث رابط. وإلا فيمكنك إغلاق هذه الصفحة.`,
    },
    locked: { title: 'رموز خاطئة كثيرة', text: `الطلب مقفل. ${NOBODY} ${ASK_AGAIN}` },
    unauthorized: { title: 'انتهى هذا الطلب', text: `${NOBODY} ${ASK_AGAIN}` },
    errored: { title: 'انتهى هذا الطلب', text: `${NOBODY} ${ASK_AGAIN}` },
  },
  unknown: {
    title: 'لا نعرف هذا الرابط',
    text: 'ربما لم يُنسخ كاملًا، أو حلّ محله رابط أحدث. افتح الرابط في أحدث رسالة بريد، أو ارجع إلى حيث بدأت واطلب من جديد.',
  },
  refused: {
    title: 'لم يُتخذ أي قرار',
    text: 'لم تأتِ هذه الإجابة من صفحتنا. افتح الرابط في بريدك واختر هناك.',
  },
  failed: {
    title: 'حدث خطأ ما',
    text: 'الخطأ منا وليس منك. افتح الرابط في بريدك مجددًا بعد قليل لترى هل وصلت إجابتك.',
  },
  mailSubject: (app) => `هل هذا أنت؟ تسجيل الدخول إلى ${app}`,
  mailOpen: 'أجب هنا',
  mailCode: (digits) =>
    `للموافقة تحتاج إلى الأرقام الـ${digits} المعروضة حيث قدّمت الطلب. وهي ليست في أي رسالة بريد.`,
  mailValidity: (minutes) =>
    counted(minutes, {
      one: 'الرابط صالح لمدة دقيقة واحدة.',
      two: 'الرابط صالح لمدة دقيقتين.',
      few: `الرابط صالح لمدة ${minutes} دقائق.`,
      other: `الرابط صالح لمدة ${minutes} دقيقة.`,
    }),
  mailIgnore: 'لم تطلب هذا؟ تجاهل هذه الرسالة ولن يُسجَّل دخول أحد. أو افتح الرابط واختر «لم أطلب هذا».',
}
