/** Fetches an issuer's key set for jose: no redirects, bounded in size, and left alone for a while after it failed. */
import { createCircuitBreaker } from '../outbound/circuit-breaker.ts'

/** A large issuer's set has some ten keys of 2 KiB. */
const KEY_SET_BYTES = 256 * 1024
/** jose limits only how often a set that it got is asked for again; without this, each token would ask a dead issuer. */
const REST_MS = 5_000

export type KeySetFetch = (url: string, options: RequestInit) => Promise<Response>

/** Rejects when there is no complete answer of 200 within the caller's signal. */
export function createKeySetFetch(): KeySetFetch {
  // jose measures its own durations by `Date.now`.
  const breaker = createCircuitBreaker({
    failures: 1,
    openMs: REST_MS,
    isFailure: () => true,
    now: Date.now,
  })
  return (url, options) =>
    breaker.run(async () => {
      const response = await fetch(url, { ...options, redirect: 'manual' })
      if (response.status !== 200) {
        await response.body?.cancel()
        throw new Error(`The key set was answered ${response.status}.`)
      }
      const text = await readText(response)
      if (!isKeySet(JSON.parse(text))) throw new Error('The answer is no key set.')
      return new Response(text, { status: 200 })
    })
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body !== null) {
    // Leaving the loop cancels the body, and with it the connection.
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > KEY_SET_BYTES) throw new Error('The key set is too large.')
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** As far as jose would refuse it, so that a set of no use counts as a failure as well. */
function isKeySet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return false
  return Array.isArray(value.keys) && value.keys.every((key) => typeof key === 'object' && key !== null)
}
