/** Limits of enrolments and of wrong codes from one address ([AR11]). */
import { ChatError } from '@chat-widget/protocol'
import { type NodeCounters, noCounters } from '../../limits/node-counters.ts'
import { createBuckets } from '../../limits/rate-limits.ts'
import { byHour, type HourlyRate, type TokenBucket } from '../../limits/token-bucket.ts'
import { networkOf } from '../../network/client-address.ts'

export interface AuthenticatorRates {
  /** New people from one address; of IPv6 a /64 counts as one. */
  readonly enrolments: HourlyRate
  /** Wrong codes from one address, and for one identifier from any. */
  readonly wrongCodes: HourlyRate
}

export const DEFAULT_AUTHENTICATOR_RATES: AuthenticatorRates = {
  enrolments: { burst: 10, perHour: 20 },
  wrongCodes: { burst: 10, perHour: 10 },
}

export function createGuessLimits(
  rates: AuthenticatorRates,
  now: () => number,
  counters: NodeCounters = noCounters,
) {
  // Each its own, so that many addresses do not use up the room of identifiers.
  const enrolments = createBuckets({ now })
  const addresses = createBuckets({ now })
  const identifiers = createBuckets({ now })
  const perEnrolment = byHour(rates.enrolments)
  const perGuess = byHour(rates.wrongCodes)

  async function take(bucket: TokenBucket, elsewhere: () => Promise<number>): Promise<void> {
    const retryAfterMs = bucket.take() || (await elsewhere())
    if (retryAfterMs > 0)
      throw new ChatError('rate-limited', 'Too many attempts; try again later.', { retryAfterMs })
  }

  return {
    /** Rejects with `rate-limited`. */
    countEnrolment(ip: string): Promise<void> {
      const address = networkOf(ip)
      const elsewhere = () => counters.take('enrolments', address, perEnrolment)
      return take(enrolments(address, perEnrolment), elsewhere)
    },
    /**
     * Counts a code as wrong before it is checked, so that many at once are not checked. Returns a function to call if
     * the code was right. Rejects with `rate-limited`.
     */
    async countGuess(ip: string, identifier: string | null): Promise<() => void> {
      const counted = [{ bucket: addresses(networkOf(ip), perGuess), key: `from ${networkOf(ip)}` }]
      if (identifier !== null)
        counted.push({ bucket: identifiers(identifier, perGuess), key: `of ${identifier}` })
      for (const { bucket, key } of counted)
        await take(bucket, () => counters.take('wrong-codes', key, perGuess))
      return () => {
        for (const { bucket, key } of counted) {
          bucket.giveBack()
          void counters.giveBack('wrong-codes', key, perGuess)
        }
      }
    },
  }
}
