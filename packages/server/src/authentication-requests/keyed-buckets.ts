/** One token bucket for each key, e.g. for each address; those that are full again are forgotten. */
import { createTokenBucket, type TokenBucket } from '../realtime/token-bucket.ts'

export interface HourlyRate {
  /** How many at once. */
  readonly burst: number
  readonly perHour: number
}

export interface KeyedBuckets {
  /** 0 when allowed, and taken; else how many milliseconds to wait. */
  take(key: string, rate: HourlyRate): number
  /** Takes one `take` back. */
  giveBack(key: string): void
}

/** Beyond so many keys, those whose bucket has filled up again are forgotten. */
const MOST_BUCKETS = 10_000

export function createKeyedBuckets(now: () => number): KeyedBuckets {
  const buckets = new Map<string, { readonly bucket: TokenBucket; fullAt: number }>()

  function forgetFull(): void {
    const time = now()
    for (const [key, { fullAt }] of buckets) if (fullAt <= time) buckets.delete(key)
  }

  return {
    take(key, { burst, perHour }) {
      const perSecond = perHour / 3_600
      let entry = buckets.get(key)
      if (entry === undefined) {
        if (buckets.size >= MOST_BUCKETS) forgetFull()
        entry = { bucket: createTokenBucket({ burst, perSecond }, now), fullAt: 0 }
        buckets.set(key, entry)
      }
      entry.fullAt = now() + (burst / perSecond) * 1_000
      return entry.bucket.take()
    },
    giveBack(key) {
      buckets.get(key)?.bucket.giveBack()
    },
  }
}
