/** A sentence for each error that an agent may see. */
import { ChatError, type ErrorCode, type SignInProblem } from '@chat-widget/protocol'
import { words } from '../words/words.ts'

export function errorText(code: ErrorCode): string {
  const { errors } = words()
  const sentences: Partial<Record<ErrorCode, string>> = {
    ...errors,
    unauthenticated: errors['session-invalid'],
  }
  return sentences[code] ?? errors.again
}

/** Sentences of the sign-in form, where the same codes mean something else. */
export function signInErrorText(error: unknown): string {
  if (!(error instanceof ChatError)) {
    return words().errors.again
  }
  switch (error.code) {
    case 'unauthenticated':
    case 'session-invalid':
    case 'not-found':
      return words().errors.wrongPassword
    case 'bad-request':
      return words().errors.incomplete
    default:
      return errorText(error.code)
  }
}

export function signInProblemText(problem: SignInProblem): string {
  return problem === 'rate-limited' ? errorText(problem) : words().signIn[problem]
}
