/** Lets an application that embeds the server verify contexts itself; what its function does is trusted for nothing else. */
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { Context } from './context.ts'
import { checkVerified, type LocalVerifier, type Verified, type VerifyRequest } from './context-verifier.ts'

/**
 * Answers with the subject that the context proves and the context's end, or with `null` when it proves none; `claims`
 * is what agents may be shown as verified. Has until `signal` aborts. May throw a `ChatError` with one of the codes of `ContextVerifier`; whatever else it throws, and
 * whatever else it answers, is `verifier-unavailable`.
 */
export type VerifyContext = (request: VerifyRequest) => Verified | null | Promise<Verified | null>

/** What identifies is not optional: a forgotten end would be a context without one. */
const answered = z
  .object({
    userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength),
    expiresAt: z.number().nullable(),
    /** Only shown, so not judged: claims of no use are left out, and nobody is refused for them. */
    claims: z.custom<Context>().optional(),
  })
  .nullable()

const VERDICTS: ReadonlySet<string> = new Set([
  'context-invalid',
  'context-expired',
  'context-mismatch',
  'verifier-unavailable',
])

export function createFunctionVerifier(
  verify: VerifyContext,
  { now }: { readonly now: () => number },
): LocalVerifier {
  return {
    async verify(request) {
      const answer = await ask(verify, request)
      if (answer === null) throw new ChatError('context-invalid', 'The context was not confirmed.')
      return checkVerified(answer, request, now)
    },
  }
}

async function ask(verify: VerifyContext, request: VerifyRequest): Promise<Verified | null> {
  const { signal } = request
  let giveUp = () => {}
  try {
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = () => reject(new Error('There was no answer in time.'))
      signal.addEventListener('abort', giveUp)
    })
    signal.throwIfAborted()
    // Whatever comes later than the signal, also a rejection, is dropped here.
    return answered.parse(await Promise.race([verify(request), givenUp]))
  } catch (error) {
    if (error instanceof ChatError && VERDICTS.has(error.code)) throw error
    throw new ChatError('verifier-unavailable', 'The verifier failed.', { cause: error })
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
