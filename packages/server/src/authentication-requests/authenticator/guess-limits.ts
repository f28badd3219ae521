/** Limits of enrolments and of wrong codes from one address ([AR11]). */
import { ChatError } from '@chat-widget/protocol'
import { createKeyedBuckets, type HourlyRate } from '../../limits/keyed-buckets.ts'
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

export function createGuessLimits(rates: AuthenticatorRates, now: () => number) {
  const buckets = createKeyedBuckets(now)
  function take(key: string, rate: HourlyRate): void {
    const retryAfterMs = buckets.take(key, rate)
    if (retryAfterMs > 0)
      throw new ChatError('rate-limited', 'Too many attempts; try again later.', { retryAfterMs })
  }
  return {
    /** Throws `rate-limited`. */
    countEnrolment: (ip: string): void => take(`enroll ${networkOf(ip)}`, rates.enrolments),
    /**
     * Counts a code as wrong before it is checked, so that many at once are not checked. Returns a function to call if
     * the code was right. Throws `rate-limited`.
     */
    countGuess(ip: string, identifier: string | null): () => void {
      const keys = [`from ${networkOf(ip)}`, ...(identifier === null ? [] : [`for ${identifier}`])]
      for (const key of keys) take(key, rates.wrongCodes)
      return () => {
        for (const key of keys) buckets.giveBack(key)
      }
    },
  }
}
