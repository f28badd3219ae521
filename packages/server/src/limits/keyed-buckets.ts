/** One token bucket for each key, e.g. for each address; the least recently used are forgotten. */
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

export interface HourlyRate {
  /** How many at once. */
  readonly burst: number
  readonly perHour: number
}

/** Beyond so many keys, the one used longest ago is forgotten: whatever it costs, a new key costs no look at all others. */
const MOST_BUCKETS = 50_000

export function createKeyedBuckets(now: () => number, mostBuckets = MOST_BUCKETS) {
  /** The one used last is last. */
  const buckets = new Map<string, TokenBucket>()

  return {
    /** 0 when allowed, and taken; else how many milliseconds to wait. */
    take(key: string, { burst, perHour }: HourlyRate): number {
      const bucket = buckets.get(key) ?? createTokenBucket({ burst, perSecond: perHour / 3_600 }, now)
      buckets.delete(key)
      buckets.set(key, bucket)
      if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? key)
      return bucket.take()
    },
    /** Takes one `take` back. */
    giveBack(key: string): void {
      buckets.get(key)?.giveBack()
    },
  }
}
