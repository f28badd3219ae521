/** How long the server keeps what nobody needs any more. */
import type { Logger } from 'pino'
import type { Storage } from '../storage/storage.ts'
import type { Purgeable } from '../storage/upkeep.ts'
import { createHourlyPurge, type HourlyPurge } from './hourly-purge.ts'

const DAY_MS = 24 * 3_600_000

/** Days. Conversations and their messages are none of it. */
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
  readonly logger: Logger
  readonly now?: () => number
}): HourlyPurge {
  const { storage, logger, now = Date.now } = options
  const purges = async () =>
    KEPT.map(([what, days]) => ({
      name: what,
      run: (limit: number) => storage.upkeep.purge(what, now() - days * DAY_MS, limit),
    }))
  return createHourlyPurge({ of: 'sessions and their traces', purges, logger })
}
