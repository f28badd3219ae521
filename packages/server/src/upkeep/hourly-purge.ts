/** Deletes rows that are no longer needed: now, and then every hour, in small transactions. */
import type { Logger } from 'pino'

export interface Purge {
  readonly name: string
  /** Deletes at most `limit` rows; called again until it is done. */
  readonly run: (limit: number) => Promise<{ readonly deleted: number; readonly isDone: boolean }>
}

export interface HourlyPurge {
  start(): void
  /** Idempotent; resolves when no work is under way. */
  close(): Promise<void>
}

const HOUR_MS = 3_600_000
/** Rows deleted by one transaction: other writes run between two of them. */
const BATCH = 200

/** `of`: name of the subject in the log. */
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
      const { deleted, isDone } = await run(BATCH)
      total += deleted
      if (isDone) break
    }
    return total
  }

  const failed = (error: unknown, name?: string): void =>
    logger.error({ err: error, purge: name }, `old ${of} could not be deleted; it is tried again`)

  async function purgeEach(list: readonly Purge[]): Promise<void> {
    const deleted: Record<string, number> = {}
    for (const purge of list) {
      try {
        deleted[purge.name] = (deleted[purge.name] ?? 0) + (await inBatches(purge))
      } catch (error) {
        // The other purges go on.
        failed(error, purge.name)
      }
    }
    const any = Object.values(deleted).some((count) => count > 0)
    logger[any ? 'info' : 'debug'](deleted, `what was kept long enough of ${of} is deleted`)
  }

  async function purgeAll(): Promise<void> {
    await purges().then(purgeEach, failed)
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
