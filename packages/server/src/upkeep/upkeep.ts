/** Retention of rows that are no longer needed: a job that runs every hour, on one node. */
import type { Logger } from 'pino'
import type { JobHandler } from '../jobs/job-queue.ts'
import type { NewJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Purgeable, PurgePosition } from '../storage/upkeep-storage.ts'
import { type Purge, runPurges } from './purges.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * 3_600_000

/** Days. Conversations and their messages are not among them. */
const KEPT: readonly (readonly [what: Purgeable, days: number])[] = [
  ['sessions that ended', 7],
  ['sessions that were never used', 30],
  ['sessions nobody came back to', 365],
  ['users', 30],
  ['audit', 400],
  ['login cards', 90],
  ['action runs', 90],
  ['identity traces', 90],
  ['identity traces of no conversation', 1],
  ['console sessions', 1],
  ['failed jobs', 30],
]

/** The job that is stored at the start, unless it is there. */
export const upkeepJob = (createdAt: number, dueAt = createdAt): NewJob<'upkeep'> => ({
  ...{ kind: 'upkeep', lane: 'upkeep', key: 'hourly', payload: null, dueAt, createdAt },
})

export function createUpkeep(options: {
  readonly storage: Pick<Storage, 'upkeep'>
  /** Purges of other subjects. */
  readonly more?: () => Promise<readonly Purge[]>
  readonly logger: Logger
  readonly now?: () => number
}): JobHandler<'upkeep'> {
  const { storage, more = async () => [], logger, now = Date.now } = options
  const purgeOf = ([what, days]: (typeof KEPT)[number]): Purge => {
    let after: PurgePosition | null = null
    const before = now() - days * DAY_MS
    return {
      name: what,
      async run(limit) {
        const { deleted, next } = await storage.upkeep.purge(what, before, { limit, after })
        after = next
        return { deleted, isDone: next === null }
      },
    }
  }
  /** First: with a new schema, or a grown database, the other purges would scan whole tables. */
  const statistics: Purge = {
    name: 'statistics',
    async run() {
      await storage.upkeep.refreshStatistics()
      return { deleted: 0, isDone: true }
    },
  }
  return {
    ...{ atOnce: 1, tries: Number.POSITIVE_INFINITY, backoff: { baseMs: 60_000, capMs: HOUR_MS } },
    async run({ signal }) {
      await runPurges([statistics, ...KEPT.map(purgeOf), ...(await more())], { signal, logger })
      return [upkeepJob(now(), now() + HOUR_MS)]
    },
  }
}
