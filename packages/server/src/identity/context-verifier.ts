/** Turns a context into a verified user; anything not proven is refused ([ID9]). */
import { ChatError } from '@chat-widget/protocol'
import type { Caller } from '../outbound/caller-breaker.ts'
import type { Context } from './context.ts'

export interface VerifyRequest {
  /** The identifier that the device claims; the verifier answers with the proven one. */
  readonly userIdentifier: string
  /** Within the limits. */
  readonly context: Context
  readonly signal: AbortSignal
}

export interface Verified {
  /** The verified subject. */
  readonly userIdentifier: string
  /** Milliseconds since the epoch; `null` where the context has no end. */
  readonly expiresAt: number | null
  /** Further proven claims, a plain object; agents may see them as verified. Default: none. */
  readonly claims?: Context | undefined
}

export interface ContextVerifier {
  /** Rejects with `context-invalid`, `context-expired`, `context-mismatch` or `verifier-unavailable`. */
  verify(request: VerifyRequest, caller: Caller): Promise<Verified>
}

/** A verifier that makes no call on a caller's behalf. */
export interface LocalVerifier {
  verify(request: VerifyRequest): Promise<Verified>
}

/** Checks every verifier's answer: the subject is the claimed one, and the context has not ended. */
export function checkVerified(
  verified: Verified,
  request: Pick<VerifyRequest, 'userIdentifier'>,
  now: () => number,
): Verified {
  if (verified.userIdentifier !== request.userIdentifier) {
    throw new ChatError('context-mismatch', 'The context is for another subject than userIdentifier.')
  }
  if (verified.expiresAt !== null && !Number.isFinite(verified.expiresAt)) {
    throw new ChatError('context-invalid', 'The context has no valid end.')
  }
  if (verified.expiresAt !== null && verified.expiresAt <= now()) {
    throw new ChatError('context-expired', "The context's lifetime is over.")
  }
  const { userIdentifier, expiresAt, claims } = verified
  return { userIdentifier, expiresAt, claims }
}
