/** One token bucket for each key, e.g. for each address; the least recently used are forgotten. */
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

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

/** Beyond so many keys, the one used longest ago is forgotten: whatever it costs, a new key costs no look at all others. */
const MOST_BUCKETS = 50_000

export function createKeyedBuckets(now: () => number, mostBuckets = MOST_BUCKETS): KeyedBuckets {
  /** The one used last is last. */
  const buckets = new Map<string, TokenBucket>()

  return {
    take(key, { burst, perHour }) {
      const bucket = buckets.get(key) ?? createTokenBucket({ burst, perSecond: perHour / 3_600 }, now)
      buckets.delete(key)
      buckets.set(key, bucket)
      if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? key)
      return bucket.take()
    },
    giveBack(key) {
      buckets.get(key)?.giveBack()
    },
  }
}
