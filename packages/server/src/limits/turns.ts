/**
 * Runs a limited number of each key's jobs at a time, the others in order, so that one key's load does not delay
 * another.
 */
import { ChatError } from '@chat-widget/protocol'

export interface TurnsOptions {
  /** Jobs of one key that run at a time. */
  readonly atOnce: number
  /** Jobs of one key that may wait. Default: no limit, for work that is bounded elsewhere. */
  readonly mostWaiting?: number
}

/** Milliseconds after which a refused caller may try again. */
const RETRY_MS = 1_000

export type Turns = ReturnType<typeof createTurns>

interface Line {
  running: number
  /** Each starts the next job. */
  readonly waiting: (() => void)[]
}

/** Without p-limit: every message takes a turn, and an object and six promises for each were 9 of its 13 µs here. */
export function createTurns({ atOnce, mostWaiting = Number.POSITIVE_INFINITY }: TurnsOptions) {
  /** Only keys with work under way. */
  const lines = new Map<string, Line>()

  /** Resolves when one more job of the line may run. */
  function turn(line: Line): Promise<void> | null {
    if (line.running < atOnce) {
      line.running += 1
      return null
    }
    if (line.waiting.length >= mostWaiting)
      throw new ChatError('rate-limited', 'Too much is under way.', { retryAfterMs: RETRY_MS })
    return new Promise((resolve) => line.waiting.push(resolve))
  }

  function leave(key: string, line: Line): void {
    const next = line.waiting.shift()
    // The next one runs in place of this one.
    if (next !== undefined) next()
    else line.running -= 1
    if (line.running === 0) lines.delete(key)
  }

  return {
    /** Rejects with `rate-limited` if too many wait. */
    async run<Value>(key: string, work: () => Promise<Value> | Value): Promise<Value> {
      const line = lines.get(key) ?? { running: 0, waiting: [] }
      lines.set(key, line)
      const waited = turn(line)
      if (waited !== null) await waited
      try {
        return await work()
      } finally {
        leave(key, line)
      }
    },
  }
}
