/**
 * Limits by key that several connections share: an address, a session, an account. The memory of this process holds
 * them; a store that nodes share takes its place behind the same interface.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Rate } from '../realtime/token-bucket.ts'
import { textHash } from '../text/text-hash.ts'

export interface RateLimit {
  /** Resolves with 0 when allowed, and taken; else with how many milliseconds to wait. */
  take(key: string, points?: number): Promise<number>
  /** Takes one `take` back. */
  giveBack(key: string): Promise<void>
  /** How long to wait, taking nothing. */
  waitMs(key: string): Promise<number>
}

/** Beyond so many keys at once, those that are new share `SHARED_KEYS`: memory has a bound, whoever makes up addresses. */
const MOST_KEYS = 20_000
const SHARED_KEYS = 256

/** As many points as the burst, all of them back after the time in which the rate gives as many. */
export function createRateLimit({ burst, perSecond }: Rate, mostKeys = MOST_KEYS): RateLimit {
  const seconds = burst / perSecond
  const limiter = new RateLimiterMemory({ points: burst, duration: seconds })
  /** Keys that became known in this window and in the one before: no more than these are held. */
  let known: readonly [now: number, before: number] = [0, 0]
  let windowEnd = performance.now() + seconds * 1_000

  async function keyOf(key: string): Promise<string> {
    const time = performance.now()
    if (time >= windowEnd) {
      known = [0, time >= windowEnd + seconds * 1_000 ? 0 : known[0]]
      windowEnd = time + seconds * 1_000
    }
    const hasOwn = known[0] + known[1] < mostKeys || (await limiter.get(key)) !== null
    return hasOwn ? key : `shared ${textHash(key) % SHARED_KEYS}`
  }

  return {
    async take(key, points = 1) {
      try {
        const { isFirstInDuration } = await limiter.consume(await keyOf(key), points)
        if (isFirstInDuration) known = [known[0] + 1, known[1]]
        return 0
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
        throw refusal
      }
    },
    async giveBack(key) {
      await limiter.reward(await keyOf(key), 1)
    },
    async waitMs(key) {
      const state = await limiter.get(await keyOf(key))
      return state === null || state.remainingPoints > 0 ? 0 : Math.max(1, state.msBeforeNext)
    },
  }
}
