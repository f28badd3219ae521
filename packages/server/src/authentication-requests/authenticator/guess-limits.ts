/** Limits of enrolments and of wrong codes from one address ([AR11]). */
import { ChatError } from '@chat-widget/protocol'
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

export function createGuessLimits(rates: AuthenticatorRates, now: () => number) {
  // Each its own, so that many addresses do not use up the room of identifiers.
  const enrolments = createBuckets({ now })
  const addresses = createBuckets({ now })
  const identifiers = createBuckets({ now })
  const perEnrolment = byHour(rates.enrolments)
  const perGuess = byHour(rates.wrongCodes)

  function take(bucket: TokenBucket): void {
    const retryAfterMs = bucket.take()
    if (retryAfterMs > 0)
      throw new ChatError('rate-limited', 'Too many attempts; try again later.', { retryAfterMs })
  }

  return {
    /** Throws `rate-limited`. */
    countEnrolment: (ip: string): void => take(enrolments(networkOf(ip), perEnrolment)),
    /**
     * Counts a code as wrong before it is checked, so that many at once are not checked. Returns a function to call if
     * the code was right. Throws `rate-limited`.
     */
    countGuess(ip: string, identifier: string | null): () => void {
      const ofAddress = addresses(networkOf(ip), perGuess)
      take(ofAddress)
      const ofIdentifier = identifier === null ? null : identifiers(identifier, perGuess)
      if (ofIdentifier !== null) take(ofIdentifier)
      return () => {
        ofAddress.giveBack()
        ofIdentifier?.giveBack()
      }
    },
  }
}
