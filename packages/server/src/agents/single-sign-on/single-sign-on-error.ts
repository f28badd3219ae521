/** A single sign-on that failed ([AG10]). */
import type { SignInProblem } from '@chat-widget/protocol'

export class SingleSignOnError extends Error {
  override readonly name = 'SingleSignOnError'
  /** Told to the console. */
  readonly problem: SignInProblem
  /** For the log: fixed words and codes of protocols, never a value of the person or a token. */
  readonly reason: string

  constructor(problem: SignInProblem, reason: string, options?: ErrorOptions) {
    super(`single sign-on: ${problem} (${reason})`, options)
    this.problem = problem
    this.reason = reason
  }
}
