/** Operators' work on muted and erased addressees, and the purge of old requests. */
import type { Addressee, AppId } from '@chat-widget/protocol'
import { ChatError } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { StoredRequest } from '../storage/authentication-request-storage.ts'
import type { AuthenticationUpkeepStorage, MutedAddressee } from '../storage/authentication-upkeep-storage.ts'
import { createHourlyPurge, type Purge } from '../upkeep/hourly-purge.ts'
import { ADDRESSEE_WINDOW_MS } from './request-limits.ts'
import { canonical } from './request-record.ts'

export interface OperatorUpkeep {
  /** Addressees that muted the app, latest first. Rejects with `bad-request` for a cursor that no page gave. */
  muted(
    app: AppId,
    cursor: string,
  ): Promise<{ readonly muted: readonly MutedAddressee[]; readonly cursor: string | null }>
  /** Unmutes for every kind of caller. Resolves with true if they were muted. */
  unmute(app: AppId, addressee: Addressee): Promise<boolean>
  /** Cancels pending requests, and deletes all requests to the addressee; a mute stays. Resolves with their number. */
  forget(app: AppId, addressee: Addressee): Promise<number>
}

export interface RequestUpkeep {
  readonly operators: OperatorUpkeep
  /** Deletes old requests, now and then every hour. */
  start(): void
  /** Idempotent; resolves when no work is under way. */
  close(): Promise<void>
}

export interface RequestUpkeepOptions {
  readonly upkeep: AuthenticationUpkeepStorage
  /** Days for which a request is kept after it ended. */
  readonly keepDaysOf: (app: AppId) => number
  readonly now: () => number
  /** Called by `forget`; the request is deleted by then. */
  readonly onCanceled: (request: StoredRequest) => void
  readonly logger: Logger
}

export const DEFAULT_KEEP_DAYS = 30

const DAY_MS = 24 * 3_600_000
const MUTED_PER_PAGE = 100

const untilFew =
  (purge: (limit: number) => Promise<number>): Purge['run'] =>
  async (limit) => {
    const deleted = await purge(limit)
    return { deleted, isDone: deleted < limit }
  }

export function createRequestUpkeep(options: RequestUpkeepOptions): RequestUpkeep {
  const { upkeep, keepDaysOf, now, onCanceled, logger } = options
  const purge = createHourlyPurge({
    of: 'authentication requests',
    logger,
    async purges() {
      // Includes apps that are no longer configured.
      const requests = (await upkeep.apps()).map((app) => ({
        name: 'requests',
        run: untilFew((limit) => upkeep.purgeEnded(app, now() - keepDaysOf(app) * DAY_MS, limit)),
      }))
      const addressees = {
        name: 'addressees',
        run: untilFew((limit) => upkeep.purgeAddressees(now() - ADDRESSEE_WINDOW_MS, limit)),
      }
      return [...requests, addressees]
    },
  })

  return {
    operators: {
      async muted(app, cursor) {
        if (!/^\d{0,15}$/.test(cursor))
          throw new ChatError('bad-request', 'cursor: must be a cursor of an earlier page')
        const before = cursor === '' ? null : Number(cursor)
        const { muted, next } = await upkeep.muted({ app, before, limit: MUTED_PER_PAGE })
        return { muted, cursor: next === null ? null : String(next) }
      },
      unmute: (app, addressee) => upkeep.unmute(app, canonical(addressee), now()),
      async forget(app, given) {
        const addressee = canonical(given)
        const { deleted, canceled } = await upkeep.forget(app, addressee, now())
        for (const request of canceled) onCanceled(request)
        return deleted
      },
    },
    ...purge,
  }
}
