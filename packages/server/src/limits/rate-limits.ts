/**
 * Limits by key that several connections share: an address, a session, an account. Kept in this process's memory; a
 * store shared by nodes can take its place behind the same interface. Allowance returns gradually: if all of it
 * returned at once, all who were told to wait would return at once as well.
 */

import { textHash } from '../text/text-hash.ts'
import { createTokenBucket, type Rate, type TokenBucket } from './token-bucket.ts'

export interface RateLimit {
  /** Takes one and resolves with 0 if allowed; else resolves with the milliseconds to wait. */
  take(key: string): Promise<number>
  /** Takes this much even if there is less: debts go up to a whole burst. */
  charge(key: string, points: number): Promise<void>
  /** Takes one `take` back. */
  giveBack(key: string): Promise<void>
  /** Milliseconds to wait; takes nothing. */
  waitMs(key: string): Promise<number>
}

/** Most keys; further new ones of one rate share `SHARED_KEYS`, so that invented addresses cannot fill the memory. */
const MOST_KEYS = 20_000
const SHARED_KEYS = 256

/** Time in which a bucket is full again, debts included: then it may be forgotten. */
const fullMsOf = ({ burst, perSecond }: Rate) => (2 * burst * 1_000) / perSecond

/** One token bucket for each key, with the rate of its first use. */
export function createBuckets({
  now = () => performance.now(),
  mostKeys = MOST_KEYS,
}: {
  /** Milliseconds. Default: since the process began. */
  readonly now?: () => number
  readonly mostKeys?: number
} = {}): (key: string, rate: Rate) => TokenBucket {
  /** Time of the slowest rate so far. */
  let fullMs = 0
  let recent = new Map<string, TokenBucket>()
  /** Buckets not used since `recent` began. */
  let older = new Map<string, TokenBucket>()
  let recentUntil = 0
  const shared = new Map<string, TokenBucket>()

  function bucketOf(key: string, rate: Rate): TokenBucket {
    const time = now()
    if (fullMsOf(rate) > fullMs) {
      fullMs = fullMsOf(rate)
      recentUntil = time + fullMs
    }
    if (time >= recentUntil) {
      older = time >= recentUntil + fullMs ? new Map() : recent
      recent = new Map()
      recentUntil = time + fullMs
    }
    const known = recent.get(key) ?? older.get(key)
    if (known === undefined && recent.size + older.size >= mostKeys)
      return keptIn(shared, `${rate.burst} ${rate.perSecond} ${textHash(key) % SHARED_KEYS}`, rate)
    if (known === undefined) return keptIn(recent, key, rate)
    older.delete(key)
    recent.set(key, known)
    return known
  }

  function keptIn(buckets: Map<string, TokenBucket>, key: string, rate: Rate): TokenBucket {
    const bucket = buckets.get(key) ?? createTokenBucket(rate, now)
    buckets.set(key, bucket)
    return bucket
  }

  return bucketOf
}

export function createRateLimit(rate: Rate, mostKeys = MOST_KEYS): RateLimit {
  const buckets = createBuckets({ mostKeys })
  const bucketOf = (key: string) => buckets(key, rate)
  return {
    take: async (key) => bucketOf(key).take(),
    charge: async (key, points) => bucketOf(key).charge(points),
    giveBack: async (key) => bucketOf(key).giveBack(),
    waitMs: async (key) => bucketOf(key).waitMs(),
  }
}
