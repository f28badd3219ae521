/** Deletes what need not be kept any longer: now, and then every hour, in small transactions. */
import type { Logger } from 'pino'

export interface Purge {
  readonly name: string
  /** Deletes at most so many; resolves with how many it deleted. */
  readonly run: (limit: number) => Promise<number>
}

export interface HourlyPurge {
  start(): void
  /** Idempotent; resolves when nothing is under way any more. */
  close(): Promise<void>
}

const HOUR_MS = 3_600_000
/** Deleted by one transaction: others have to write between two of them. */
const BATCH = 200

/** `of`: what is logged as the subject. */
export function createHourlyPurge(options: {
  readonly of: string
  readonly purges: () => Promise<readonly Purge[]>
  readonly logger: Logger
}): HourlyPurge {
  const { of, purges, logger } = options
  let timer: NodeJS.Timeout | undefined
  let purging: Promise<void> = Promise.resolve()
  let isClosed = false

  async function inBatches({ run }: Purge): Promise<number> {
    let total = 0
    while (!isClosed) {
      const deleted = await run(BATCH)
      total += deleted
      if (deleted < BATCH) break
    }
    return total
  }

  async function purgeAll(): Promise<void> {
    try {
      const deleted: Record<string, number> = {}
      for (const purge of await purges())
        deleted[purge.name] = (deleted[purge.name] ?? 0) + (await inBatches(purge))
      const any = Object.values(deleted).some((count) => count > 0)
      logger[any ? 'info' : 'debug'](deleted, `what was kept long enough of ${of} is deleted`)
    } catch (error) {
      logger.error({ err: error }, `old ${of} could not be deleted; it is tried again`)
    }
    if (!isClosed) timer = setTimeout(begin, HOUR_MS).unref()
  }

  function begin(): void {
    purging = purgeAll()
  }

  return {
    start: begin,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await purging
    },
  }
}
