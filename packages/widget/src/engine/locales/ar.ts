/** Arabic. */
import { pluralOf } from '@chat-widget/client/browser'
import { ARABIC_LAUNCHER } from '../../words/launcher-arabic.ts'
import type { SignInStrings } from '../sign-in-strings.ts'
import type { Strings } from '../strings.ts'

const plural = pluralOf('ar')

interface Unit {
  readonly one: string
  readonly two: string
  readonly few: string
  readonly many: string
}

const MINUTES: Unit = { one: 'دقيقة', two: 'دقيقتين', few: 'دقائق', many: 'دقيقة' }
const SECONDS: Unit = { one: 'ثانية', two: 'ثانيتين', few: 'ثوانٍ', many: 'ثانية' }

function counted(count: number, unit: Unit): string {
  switch (plural(count)) {
    case 'one':
      return `${unit.one} واحدة`
    case 'two':
      return unit.two
    case 'few':
      return `${count} ${unit.few}`
    default:
      return `${count} ${unit.many}`
  }
}

export const strings: Strings & SignInStrings = {
  ...ARABIC_LAUNCHER,
  title: 'المحادثة',
  newConversation: 'محادثة جديدة',
  previousConversation: 'المحادثة السابقة',
  messages: 'الرسائل',
  emptyTitle: 'كيف يمكننا مساعدتك؟',
  emptyText: 'اكتب لنا وسنرد عليك هنا.',
  loadingOlder: 'جارٍ تحميل الرسائل السابقة…',
  newMessages: 'رسائل جديدة',
  toLatest: 'الانتقال إلى أحدث رسالة',
  today: 'اليوم',
  yesterday: 'أمس',
  you: 'أنت',
  agent: 'الدعم',
  bot: 'المساعد',
  system: 'النظام',
  typing: (name) => `${name} يكتب الآن…`,
  sending: 'جارٍ الإرسال…',
  waitingForConnection: 'في انتظار الاتصال…',
  waitingForIdentity: 'في انتظار تسجيل الدخول…',
  sent: 'أُرسلت',
  read: 'قُرئت',
  failed: 'لم تُرسل.',
  retry: 'إعادة المحاولة',
  discard: 'حذف',
  composerLabel: 'رسالتك',
  composerPlaceholder: 'اكتب رسالة…',
  send: 'إرسال الرسالة',
  tooLong: (limit) => `يمكن أن تحتوي الرسالة على ${limit} حرف كحد أقصى.`,
  loginWaiting: 'في انتظار تسجيل الدخول…',
  loginCancel: 'إلغاء',
  loginDone: 'تم تسجيل دخولك.',
  loginCanceled: 'أُلغي تسجيل الدخول.',
  loginFailed: (reason) =>
    reason === '' ? 'تعذّر تسجيل الدخول.' : `تعذّر تسجيل الدخول: \u2068${reason}\u2069`,
  loginTimedOut: 'استغرق تسجيل الدخول وقتًا طويلًا.',
  loginAgain: 'إعادة المحاولة',
  eventSignedIn: 'لقد سجّلت الدخول',
  eventHandedToAgents: 'سيرد عليك أحد أعضاء الفريق هنا',
  eventHandedToBot: 'عاد المساعد للرد عليك هنا',
  eventClosed: 'أُغلقت المحادثة',
  connecting: 'جارٍ الاتصال…',
  reconnecting: 'انقطع الاتصال. جارٍ إعادة الاتصال…',
  offline: 'أنت غير متصل. ستُرسل الرسائل فور عودة الاتصال.',
  unreachable: 'تعذّر الوصول إلى المحادثة الآن. سنواصل المحاولة.',
  memoryOnly: 'لا يسمح متصفحك بحفظ الرسائل غير المرسلة. أبقِ هذه الصفحة مفتوحة حتى تُرسل.',
  signingIn: 'جارٍ تسجيل الدخول…',
  signingOut: 'جارٍ تسجيل الخروج…',
  reauthenticate: 'يُرجى تسجيل الدخول مجددًا للمتابعة. لن تفقد شيئًا مما كتبته.',
  guestNote: 'كضيف تبدأ من جديد، من دون هذه المحادثة ورسائلك غير المرسلة.',
  signInAgain: 'تسجيل الدخول مجددًا',
  continueAsGuest: 'المتابعة كضيف',
  problemTitle: 'المحادثة غير متاحة',
  problemSetup: 'لم تُضبط المحادثة على هذا الموقع بشكل صحيح.',
  problemVersion: 'تم تحديث المحادثة. يُرجى إعادة تحميل الصفحة.',
  problemIdentity: 'لم نتمكن من تسجيل دخولك إلى المحادثة.',
  problemBusy: 'المحادثة مشغولة الآن. يُرجى المحاولة بعد قليل.',
  problemOther: 'حدث خطأ ما. يُرجى المحاولة لاحقًا.',
  signInTitle: 'تسجيل الدخول',
  signInMethods: 'تسجيل الدخول عبر',
  signInEmail: 'البريد الإلكتروني',
  signInIdentifier: 'المعرّف',
  signInEmailHint: 'تصلك رسالة فيها رابط لتأكيد هويتك.',
  signInIdentifierHint: 'يسألك تطبيق المصادقة إن كنت أنت صاحب الطلب.',
  signInEmailLabel: 'عنوان البريد الإلكتروني',
  signInIdentifierLabel: 'أرقامك العشرة',
  signInContinue: 'متابعة',
  signInAsking: 'لحظة من فضلك…',
  signInBadEmail: 'يُرجى إدخال عنوان بريد إلكتروني، مثل \u2066name@example.com\u2069.',
  signInBadIdentifier: 'يُرجى إدخال الأرقام العشرة التي يعرضها تطبيق المصادقة.',
  signInRateLimited: (minutes) =>
    minutes === null
      ? 'طلبات كثيرة جدًا. يُرجى المحاولة لاحقًا.'
      : `طلبات كثيرة جدًا. حاول مجددًا بعد ${counted(minutes, MINUTES)}.`,
  signInProblem: 'لم ينجح ذلك. يُرجى المحاولة مجددًا.',
  signInEmailAsked: 'تحقّق من بريدك',
  signInIdentifierAsked: 'افتح تطبيق المصادقة',
  signInEmailWhatToDo: (address) =>
    `إذا أمكن الوصول إلى ${address} فستصل رسالة بعد قليل. افتح الرابط فيها وأدخل هذا الرمز:`,
  signInIdentifierWhatToDo: (address) =>
    `إذا أمكن الوصول إلى ${address} فسيسألك تطبيق المصادقة الآن. أدخل هذا الرمز هناك:`,
  signInCode: 'الرمز',
  signInNewCode: 'هناك رمز جديد، ولم يعد الرمز السابق صالحًا.',
  signInTimeLeft: 'الوقت المتبقي',
  signInOneMinute: 'بقيت دقيقة واحدة.',
  signInEmailResend: 'إعادة الإرسال',
  signInIdentifierResend: 'السؤال مجددًا',
  signInResendIn: (seconds) => `يمكنك المحاولة مجددًا بعد ${counted(seconds, SECONDS)}.`,
  signInWaitingForConnection: 'في انتظار الاتصال…',
  signInSigningIn: 'جارٍ تسجيل دخولك…',
  signInDenied: 'رُفض الطلب.',
  signInLocked: 'أُدخل رمز خاطئ مرات كثيرة.',
  signInExpired: 'لم يصل رد في الوقت المحدد.',
}
