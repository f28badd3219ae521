/** One token bucket for each key, e.g. for each address; the least recently used are forgotten. */
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

export interface HourlyRate {
  /** Number at once. */
  readonly burst: number
  readonly perHour: number
}

/** Most keys; beyond it the least recently used is forgotten. A new key never costs a search of all others. */
const MOST_BUCKETS = 50_000

export function createKeyedBuckets(now: () => number, mostBuckets = MOST_BUCKETS) {
  /** Least recently used first. */
  const buckets = new Map<string, TokenBucket>()

  return {
    /** Takes one and returns 0 if allowed; else returns the milliseconds to wait. */
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
