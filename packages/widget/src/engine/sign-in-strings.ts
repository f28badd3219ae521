/** Texts for signing in, in English, loaded with the elements that show them. */
import { type Overrides, overridden } from '../words/overrides.ts'
import type { Strings } from './strings.ts'

export interface SignInStrings {
  readonly loginWaiting: string
  readonly loginCancel: string
  readonly loginFailed: (reason: string) => string
  /** Shown beside "Continue as guest". */
  readonly guestNote: string
  readonly signInAgain: string
  readonly continueAsGuest: string
  readonly loginCanceled: string
  readonly loginTimedOut: string
  readonly loginAgain: string
  readonly signInTitle: string
  /** Label of the switch between the two methods, if the app has both. */
  readonly signInMethods: string
  readonly signInEmail: string
  readonly signInIdentifier: string
  readonly signInEmailHint: string
  readonly signInIdentifierHint: string
  readonly signInEmailLabel: string
  readonly signInIdentifierLabel: string
  readonly signInContinue: string
  readonly signInAsking: string
  readonly signInBadEmail: string
  readonly signInBadIdentifier: string
  /** `minutes`: until it may be tried again, rounded up; `null` if unknown. */
  readonly signInRateLimited: (minutes: number | null) => string
  readonly signInProblem: string
  readonly signInEmailAsked: string
  readonly signInIdentifierAsked: string
  /** "If" an account exists: nobody may learn whether it does ([AR6]). `address` is isolated for its own direction. */
  readonly signInEmailWhatToDo: (address: string) => string
  readonly signInIdentifierWhatToDo: (address: string) => string
  readonly signInCode: string
  readonly signInNewCode: string
  readonly signInTimeLeft: string
  readonly signInOneMinute: string
  readonly signInEmailResend: string
  readonly signInIdentifierResend: string
  readonly signInResendIn: (seconds: number) => string
  readonly signInWaitingForConnection: string
  readonly signInSigningIn: string
  /** Sentences after "Sign-in did not work:". */
  readonly signInDenied: string
  readonly signInLocked: string
  readonly signInExpired: string
}

export const ENGLISH_SIGN_IN: SignInStrings = {
  loginWaiting: 'Waiting for sign-in…',
  loginCancel: 'Cancel',
  loginFailed: (reason) => (reason === '' ? 'Sign-in did not work.' : `Sign-in did not work: ${reason}`),
  guestNote: 'As a guest you start over, without this conversation and your unsent messages.',
  signInAgain: 'Sign in again',
  continueAsGuest: 'Continue as guest',
  loginCanceled: 'Sign-in was canceled.',
  loginTimedOut: 'Sign-in took too long.',
  loginAgain: 'Try again',
  signInTitle: 'Sign in',
  signInMethods: 'Sign in by',
  signInEmail: 'Email',
  signInIdentifier: 'Identifier',
  signInEmailHint: 'You get a mail with a link, to confirm that it is you.',
  signInIdentifierHint: 'Your authenticator asks you whether it is you.',
  signInEmailLabel: 'Email address',
  signInIdentifierLabel: 'Your ten digits',
  signInContinue: 'Continue',
  signInAsking: 'One moment…',
  signInBadEmail: 'Please enter an email address, such as name@example.com.',
  signInBadIdentifier: 'Please enter the ten digits that your authenticator shows.',
  signInRateLimited: (minutes) =>
    minutes === null
      ? 'Too many requests. Please try again later.'
      : `Too many requests. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
  signInProblem: 'That did not work. Please try again.',
  signInEmailAsked: 'Check your mail',
  signInIdentifierAsked: 'Open your authenticator',
  signInEmailWhatToDo: (address) =>
    `If ${address} can be reached, a mail is on its way. Open the link in it and enter this code:`,
  signInIdentifierWhatToDo: (address) =>
    `If ${address} can be reached, your authenticator asks you now. Enter this code there:`,
  signInCode: 'Code',
  signInNewCode: 'There is a new code; the one before is no longer good.',
  signInTimeLeft: 'Time left',
  signInOneMinute: 'One minute left.',
  signInEmailResend: 'Send again',
  signInIdentifierResend: 'Ask again',
  signInResendIn: (seconds) => `You can ask again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
  signInWaitingForConnection: 'Waiting for a connection…',
  signInSigningIn: 'Signing you in…',
  signInDenied: 'The request was denied.',
  signInLocked: 'The wrong code was entered too often.',
  signInExpired: 'There was no answer in time.',
}

/** Texts in the visitor's language if available, with the host's own replacing them. */
export const signInStrings = ({ strings }: { readonly strings: Strings }): Strings & SignInStrings => ({
  ...strings,
  ...overridden(ENGLISH_SIGN_IN, strings as unknown as Overrides),
})
