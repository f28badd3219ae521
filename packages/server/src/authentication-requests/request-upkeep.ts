/** Operators' work on muted and erased addressees, and the purges of old requests. */
import type { Addressee, AppId } from '@chat-widget/protocol'
import { ChatError } from '@chat-widget/protocol'
import type { StoredRequest } from '../storage/authentication-request-storage.ts'
import type { AuthenticationUpkeepStorage, MutedAddressee } from '../storage/authentication-upkeep-storage.ts'
import type { Purge } from '../upkeep/purges.ts'
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
  /** Purges of old requests and addressees. */
  purges(): Promise<readonly Purge[]>
}

export interface RequestUpkeepOptions {
  readonly upkeep: AuthenticationUpkeepStorage
  /** Days for which a request is kept after it ended. */
  readonly keepDaysOf: (app: AppId) => number
  readonly now: () => number
  /** Called by `forget`; the request is deleted by then. */
  readonly onCanceled: (request: StoredRequest) => void
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
  const { upkeep, keepDaysOf, now, onCanceled } = options

  return {
    async purges() {
      // Includes apps that are no longer configured.
      const requests = (await upkeep.apps()).map((app) => ({
        name: 'authentication requests',
        run: untilFew((limit) => upkeep.purgeEnded(app, now() - keepDaysOf(app) * DAY_MS, limit)),
      }))
      const addressees = {
        name: 'addressees',
        run: untilFew((limit) => upkeep.purgeAddressees(now() - ADDRESSEE_WINDOW_MS, limit)),
      }
      return [...requests, addressees]
    },
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
  }
}
