/** Requirements of every signed token, whichever key verifies it. */
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose'
import type { TokenConfig } from '../config/config.ts'
import { type Context, lookUp } from './context.ts'
import type { Verified } from './context-verifier.ts'

/** Returns the token's text; throws `context-invalid` if there is none. */
export function tokenOf(context: Context, { tokenPath }: TokenConfig): string {
  const token = lookUp(context, tokenPath)
  if (typeof token === 'string' && token !== '') return token
  throw new ChatError('context-invalid', `The context has no token at ${tokenPath}.`)
}

/** Tolerance for `nbf`; jose applies it to `exp` too, so `verifiedOf` checks that again, exactly. */
export function verifyOptions(rules: TokenConfig, now: () => number): JWTVerifyOptions {
  return {
    algorithms: [...rules.algorithms],
    issuer: rules.issuer,
    audience: rules.audience,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: LIMITS.clockSkewMs / 1_000,
    currentDate: new Date(now()),
  }
}

export function verifiedOf(payload: JWTPayload, now: () => number): Verified {
  const { sub, exp, iat } = payload
  if (sub !== undefined && typeof sub !== 'string')
    throw new ChatError('context-invalid', `The token's sub is a ${typeof sub}; it must be a string.`)
  if (sub === undefined || sub === '') throw new ChatError('context-invalid', 'The token has no sub.')
  if (typeof exp !== 'number') throw new ChatError('context-invalid', 'The token has no exp.')
  if (typeof iat === 'number' && iat * 1_000 > now() + LIMITS.clockSkewMs) {
    throw new ChatError('context-invalid', 'The token was issued in the future.')
  }
  return { userIdentifier: sub, expiresAt: Math.floor(exp * 1_000), claims: payload }
}

/** jose's messages name claims and algorithms, never the token; they help the site developer. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  if (error instanceof errors.JWTExpired) {
    return new ChatError('context-expired', "The context's lifetime is over.")
  }
  if (error instanceof errors.JOSEError) {
    return new ChatError('context-invalid', `The token was refused: ${error.message}.`)
  }
  return new ChatError('context-invalid', 'The token was refused.')
}
