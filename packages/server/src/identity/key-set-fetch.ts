/** Fetches an issuer's key set for jose: without redirects, bounded in size, with a pause after failures. */
import { readText } from '../outbound/read-text.ts'
import { createRestingBreaker } from '../outbound/resting-breaker.ts'

/** A large issuer's set has some ten keys of 2 KiB. */
const KEY_SET_BYTES = 256 * 1024
/**
 * Pause after failures. jose limits only how often a fetched set is fetched again; without this, each token would call
 * a dead issuer.
 */
const REST_MS = 5_000

export function createKeySetFetch() {
  const breaker = createRestingBreaker({ restMs: REST_MS })
  let readAt = 0
  let kids: ReadonlySet<unknown> = new Set()
  let before = kids
  return {
    /** Rejects if there is no complete answer with status 200 within the caller's signal. */
    fetch: (url: string, options: RequestInit): Promise<Response> =>
      breaker.execute(async () => {
        const response = await fetch(url, { ...options, redirect: 'manual' })
        if (response.status !== 200) {
          await response.body?.cancel()
          throw new Error(`The key set was answered ${response.status}.`)
        }
        const text = await readText(response, KEY_SET_BYTES)
        const set: unknown = JSON.parse(text)
        if (!isKeySet(set)) throw new Error('The answer is no key set.')
        readAt = Date.now()
        before = kids
        kids = new Set(set.keys.map(({ kid }) => kid))
        return new Response(text, { status: 200 })
      }),
    /** End of the last successful fetch, in milliseconds since the epoch; 0 before the first. */
    get readAt(): number {
      return readAt
    },
    /** True if the set before the last had this `kid` and the last has not. */
    withdrew: (kid: string | undefined): boolean => kid !== undefined && before.has(kid) && !kids.has(kid),
  }
}

/** As strict as jose, so that an unusable set counts as a failure as well. */
function isKeySet(value: unknown): value is { readonly keys: readonly { readonly kid?: unknown }[] } {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return false
  return Array.isArray(value.keys) && value.keys.every((key) => typeof key === 'object' && key !== null)
}
