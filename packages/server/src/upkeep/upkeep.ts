/** Retention of rows that are no longer needed. */
import type { Logger } from 'pino'
import type { Storage } from '../storage/storage.ts'
import type { Purgeable, PurgePosition } from '../storage/upkeep-storage.ts'
import { createHourlyPurge, type HourlyPurge, type Purge } from './hourly-purge.ts'

const DAY_MS = 24 * 3_600_000

/** Days. Conversations and their messages are not among them. */
const KEPT: readonly (readonly [what: Purgeable, days: number])[] = [
  ['sessions that ended', 7],
  ['sessions that were never used', 30],
  ['sessions nobody came back to', 365],
  ['users', 30],
  ['audit', 365],
  ['login cards', 90],
  ['action runs', 90],
  ['identity traces', 90],
  ['identity traces of no conversation', 1],
  ['console sessions', 1],
]

export function createUpkeep(options: {
  readonly storage: Pick<Storage, 'upkeep'>
  /** Purges of what is kept beside the database. */
  readonly more?: () => readonly Purge[]
  readonly logger: Logger
  readonly now?: () => number
}): HourlyPurge {
  const { storage, more = () => [], logger, now = Date.now } = options
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
  const purges = async () => [statistics, ...KEPT.map(purgeOf), ...more()]
  return createHourlyPurge({ of: 'sessions and their traces', purges, logger })
}
