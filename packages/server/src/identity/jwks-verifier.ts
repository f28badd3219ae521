/** Verifies a JWT with the keys an issuer publishes; jose caches them and limits how often they are asked for. */
import { ChatError } from '@chat-widget/protocol'
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import type { ContextConfig } from '../config/config.ts'
import { type ContextVerifier, checkVerified } from './context-verifier.ts'
import { createKeySetFetch } from './key-set-fetch.ts'
import { toChatError, tokenOf, verifiedOf, verifyOptions } from './token-claims.ts'

type JwksConfig = Extract<ContextConfig, { kind: 'jwks' }>

const TIMEOUT_MS = 10_000
/** A token with an unknown `kid` makes the keys be read again, once in this time: anybody can invent a `kid`. */
const COOLDOWN_MS = 30_000
/** After this long without reading the keys again, a key that the issuer withdrew is good no more. */
const CACHE_MS = 10 * 60_000

export function createJwksVerifier(
  config: JwksConfig,
  { now, timeoutMs = TIMEOUT_MS }: { readonly now: () => number; readonly timeoutMs?: number },
): ContextVerifier {
  const keys = createRemoteJWKSet(new URL(config.url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHE_MS,
    [customFetch]: createKeySetFetch(),
  })
  return {
    async verify(request) {
      const token = tokenOf(request.context, config)
      try {
        const { payload } = await jwtVerify(token, keys, verifyOptions(config, now))
        return checkVerified(verifiedOf(payload, now), request, now)
      } catch (error) {
        throw isOutage(error) ? unavailable(error) : toChatError(error)
      }
    },
  }
}

/** What went wrong on the way to the keys says nothing about the token. */
function isOutage(error: unknown): boolean {
  if (error instanceof ChatError) return false
  if (!(error instanceof errors.JOSEError)) return true
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  )
}

function unavailable(cause: unknown): ChatError {
  return new ChatError('verifier-unavailable', "The issuer's keys could not be read.", { cause })
}
