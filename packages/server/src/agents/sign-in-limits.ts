/**
 * Limits guesses of one account's password from many addresses ([DL9]).
 * Guessing uses up the account's tries. Its owner is spared: from an address at which they signed in before, only the
 * limit by address counts.
 */
import { ChatError } from '@chat-widget/protocol'
import { type NodeCounters, noCounters } from '../limits/node-counters.ts'
import { createRateLimit } from '../limits/rate-limits.ts'
import type { Rate } from '../limits/token-bucket.ts'
import { networkOf } from '../network/client-address.ts'

/** Tries of one account from addresses that are new to it; again after a minute, so that nobody is locked out for long. */
const DEFAULT_ACCOUNT_RATE: Rate = { burst: 10, perSecond: 10 / 60 }
/** The least recently used are forgotten first. */
const MOST_KNOWN = 5_000

export function createSignInLimits(counters: NodeCounters = noCounters, rate: Rate = DEFAULT_ACCOUNT_RATE) {
  const tries = createRateLimit(rate)
  const known = new Set<string>()
  const keyOf = (email: string) => email.trim().toLowerCase()
  const placeOf = (email: string, ip: string) => `${networkOf(ip)} ${keyOf(email)}`

  return {
    /** Counts a try. Rejects with `rate-limited`. */
    async count(email: string, ip: string): Promise<void> {
      if (known.has(placeOf(email, ip))) return
      const own = await tries.take(keyOf(email))
      const retryAfterMs = own > 0 ? own : await counters.take('sign-ins', keyOf(email), rate)
      if (retryAfterMs > 0)
        throw new ChatError('rate-limited', 'too many tries for this account; try again later', {
          retryAfterMs,
        })
    },
    /** Takes the try back, as it was right, and remembers the address as the owner's. */
    async succeeded(email: string, ip: string): Promise<void> {
      const place = placeOf(email, ip)
      if (!known.delete(place)) {
        await tries.giveBack(keyOf(email))
        await counters.giveBack('sign-ins', keyOf(email), rate)
      }
      known.add(place)
      for (const oldest of known) {
        if (known.size <= MOST_KNOWN) break
        known.delete(oldest)
      }
    },
  }
}
