/** Lets an application that embeds the server verify contexts itself. Its function is trusted with nothing else. */
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { Context } from './context.ts'
import { checkVerified, type LocalVerifier, type Verified, type VerifyRequest } from './context-verifier.ts'

/**
 * Returns the subject that the context proves and the context's end, or `null` if it proves none; agents may see
 * `claims` as verified. Has until `signal` aborts. May throw a `ChatError` with one of the codes of `ContextVerifier`;
 * any other error, and any other answer, is `verifier-unavailable`.
 */
export type VerifyContext = (request: VerifyRequest) => Verified | null | Promise<Verified | null>

/** The keys that identify are required: with a forgotten end, a context would never end. */
const answered = z
  .object({
    userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength),
    expiresAt: z.number().nullable(),
    /** Only shown, so not validated: unusable claims are omitted, and nobody is refused for them. */
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
    // Anything later than the signal, also a rejection, is ignored here.
    return answered.parse(await Promise.race([verify(request), givenUp]))
  } catch (error) {
    if (error instanceof ChatError && VERDICTS.has(error.code)) throw error
    throw new ChatError('verifier-unavailable', 'The verifier failed.', { cause: error })
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
