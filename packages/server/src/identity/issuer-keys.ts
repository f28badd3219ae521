/** Keys that an issuer publishes; jose caches them and limits how often they are fetched. */
import {
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { createKeySetFetch } from './key-set-fetch.ts'

const TIMEOUT_MS = 10_000
/**
 * For a token that no known key fits, the keys are fetched again, at most once in this time: anybody can invent a
 * `kid`.
 */
const COOLDOWN_MS = 30_000
/** Age at which cached keys are no longer used, so that a key the issuer withdrew ends. */
const CACHE_MS = 10 * 60_000

/** The keys could not be fetched, or not again so soon; it says nothing about the token. */
export class IssuerKeysError extends Error {
  override readonly name = 'IssuerKeysError'
  /** Milliseconds after which the keys are fetched again. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs?: number; cause?: unknown }) {
    super(message, { cause })
    this.retryAfterMs = retryAfterMs
  }
}

export function createIssuerKeys(
  url: string,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
) {
  const issuer = createKeySetFetch()
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: CACHE_MS,
    [customFetch]: issuer.fetch,
  })

  async function verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    const before = issuer.readAt
    try {
      return await verifyByAny(token, keys, options)
    } catch (error) {
      // Only keys that were fetched after the token arrived prove that the issuer has none for it.
      if (!lacksKey(error, token) || issuer.readAt !== before) throw error
      if (issuer.withdrew(kidOf(token))) throw error
      // jose fetches them again for an unknown `kid`, but not for a signature that no key made.
      if (keys.coolingDown) throw tooEarly(issuer.readAt, error)
      await keys.reload()
      return verifyByAny(token, keys, options)
    }
  }

  return {
    /** Rejects with `IssuerKeysError` if the keys prove nothing against the token, else with jose's errors. */
    async verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
      try {
        return await verify(token, options)
      } catch (cause) {
        throw isOutage(cause) ? new IssuerKeysError("The issuer's keys could not be read.", { cause }) : cause
      }
    },
  }
}

type KeySet = ReturnType<typeof createRemoteJWKSet>

/** Tries each key: a token without a `kid`, or a set that uses one twice, may fit several. */
async function verifyByAny(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (misfit) {
        if (!(misfit instanceof errors.JWSSignatureVerificationFailed)) throw misfit
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

/** True if a key that is not cached could be the token's: the one it names or, without a name, a new one. */
function lacksKey(error: unknown, token: string): boolean {
  if (error instanceof errors.JWKSNoMatchingKey) return true
  return error instanceof errors.JWSSignatureVerificationFailed && kidOf(token) === undefined
}

/** For tokens whose header jose has parsed. */
const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid

function isOutage(error: unknown): boolean {
  if (error instanceof IssuerKeysError) return false
  if (!(error instanceof errors.JOSEError)) return true
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  )
}

function tooEarly(readAt: number, cause: unknown): IssuerKeysError {
  const retryAfterMs = Math.max(0, readAt + COOLDOWN_MS - Date.now())
  const message =
    'No key of the issuer fits the token; the keys were read a moment ago, and are read again soon.'
  return new IssuerKeysError(message, { retryAfterMs, cause })
}
