/** Lets a limited number of each key's work run at a time, the rest in order: one key's load does not hold another's up. */
import { ChatError } from '@chat-widget/protocol'
import pLimit, { type LimitFunction } from 'p-limit'

export interface TurnsOptions {
  /** How much of one key runs at a time. */
  readonly atOnce: number
  /** How much of one key may wait. Default: any number, where something else bounds it. */
  readonly mostWaiting?: number
}

/** When to come back where too much waits. */
const RETRY_MS = 1_000

export type Turns = ReturnType<typeof createTurns>

export function createTurns({ atOnce, mostWaiting = Number.POSITIVE_INFINITY }: TurnsOptions) {
  /** Only keys that have something under way. */
  const limits = new Map<string, LimitFunction>()

  return {
    /** Rejects with `rate-limited` where too much waits already. */
    async run<Value>(key: string, work: () => Promise<Value> | Value): Promise<Value> {
      const limit = limits.get(key) ?? pLimit(atOnce)
      if (limit.pendingCount >= mostWaiting)
        throw new ChatError('rate-limited', 'Too much is under way.', { retryAfterMs: RETRY_MS })
      limits.set(key, limit)
      try {
        return await limit(work)
      } finally {
        if (limit.activeCount + limit.pendingCount === 0 && limits.get(key) === limit) limits.delete(key)
      }
    },
  }
}
