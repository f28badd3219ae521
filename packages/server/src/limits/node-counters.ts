/**
 * Counters that nodes share, beside each node's own buckets ([DL9]): however many nodes somebody asks, together they allow no
 * more than one of them may at most.
 */
import type { Rate } from './token-bucket.ts'

/** Counters whose takes are rare enough for a query each. */
type RareCounter = 'new-visitors' | 'authentication-requests' | 'enrolments' | 'wrong-codes' | 'sign-ins'
export type CounterName = 'connections' | RareCounter

export interface NodeCounters {
  /**
   * Takes one of the key's allowance on all nodes. Resolves with 0 if allowed, also if the store is away: a node's own
   * buckets count all the same. Else resolves with the milliseconds to wait. Never rejects.
   */
  take(name: CounterName, key: string, rate: Rate): Promise<number>
  /** Takes one `take` back. Never rejects. */
  giveBack(name: CounterName, key: string, rate: Rate): Promise<void>
  close(): Promise<void>
}

/** For a node alone. */
export const noCounters: NodeCounters = {
  take: async () => 0,
  giveBack: async () => undefined,
  close: async () => undefined,
}
