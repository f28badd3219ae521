/** Problems of a sign-in inside the chat, independent of language; worded when shown. */
import type { BuiltInLoginState } from '@chat-widget/client/built-in-login'
import type { BuiltInMethod } from '@chat-widget/protocol'
import type { SignInStrings } from '../../locales/parts/sign-in.ts'

export type Problem =
  | { readonly kind: 'address' }
  /** Minutes until it may be tried again, rounded up, at the time of the answer. */
  | { readonly kind: 'rate-limited'; readonly minutes: number | null }
  | { readonly kind: 'other' }

export function problemOf(
  { problem }: BuiltInLoginState & { status: 'idle' | 'waiting' },
  now: number,
): Problem | null {
  if (problem === null) return null
  if (problem.code === 'bad-request') return { kind: 'address' }
  if (problem.code !== 'rate-limited') return { kind: 'other' }
  const { retryAt } = problem
  const minutes = retryAt === null ? null : Math.max(1, Math.ceil((retryAt - now) / 60_000))
  return { kind: 'rate-limited', minutes }
}

export function problemText(problem: Problem, method: BuiltInMethod, strings: SignInStrings): string {
  switch (problem.kind) {
    case 'address':
      return method === 'email' ? strings.signInBadEmail : strings.signInBadIdentifier
    case 'rate-limited':
      return problem.minutes === null
        ? strings.signInRateLimited
        : strings.signInRateLimitedFor(problem.minutes)
    case 'other':
      return strings.signInProblem
    default:
      return problem satisfies never
  }
}
