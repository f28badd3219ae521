/**
 * Runs a limited number of each key's jobs at a time, the others in order, so that one key's load does not delay
 * another.
 */
import { ChatError } from '@chat-widget/protocol'
import pLimit, { type LimitFunction } from 'p-limit'

export interface TurnsOptions {
  /** Jobs of one key that run at a time. */
  readonly atOnce: number
  /** Jobs of one key that may wait. Default: no limit, for work that is bounded elsewhere. */
  readonly mostWaiting?: number
}

/** Milliseconds after which a refused caller may try again. */
const RETRY_MS = 1_000

export type Turns = ReturnType<typeof createTurns>

export function createTurns({ atOnce, mostWaiting = Number.POSITIVE_INFINITY }: TurnsOptions) {
  /** Only keys with work under way. */
  const limits = new Map<string, LimitFunction>()

  return {
    /** Rejects with `rate-limited` if too many wait. */
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
