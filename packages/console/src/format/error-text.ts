/** A sentence for each error that an agent may see. */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'

const TRY_AGAIN = 'Something went wrong. Try again.'

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  'too-large': 'This message is too long.',
  'not-found': 'This conversation no longer exists.',
  forbidden: 'Your account may read only.',
  'rate-limited': 'Too many attempts. Wait a moment, then try again.',
  'server-unreachable': 'The server cannot be reached.',
  unavailable: 'The server cannot store anything right now. Try again in a moment.',
  'protocol-version': 'This page is out of date. Reload it.',
  'session-invalid': 'Your session ended. Sign in again.',
  unauthenticated: 'Your session ended. Sign in again.',
}

export function errorText(code: ErrorCode): string {
  return SENTENCES[code] ?? TRY_AGAIN
}

/** Sentences of the sign-in form, where the same codes mean something else. */
export function signInErrorText(error: unknown): string {
  if (!(error instanceof ChatError)) {
    return TRY_AGAIN
  }
  switch (error.code) {
    case 'unauthenticated':
    case 'session-invalid':
    case 'not-found':
      return 'Email or password is wrong.'
    case 'bad-request':
      return 'Enter a complete email address and your password.'
    default:
      return errorText(error.code)
  }
}
