/** Limits of authentication requests and of waiting callers ([AR7]). */
import { type AppId, ChatError } from '@chat-widget/protocol'
import {
  type AuthenticationRequestLimits,
  DEFAULT_REQUEST_LIMITS,
} from '../config/authentication-request-limits.ts'
import { type NodeCounters, noCounters } from '../limits/node-counters.ts'
import { createBuckets } from '../limits/rate-limits.ts'
import { byHour } from '../limits/token-bucket.ts'
import { networkOf } from '../network/client-address.ts'
import type { Creator, MadeRequest } from '../storage/authentication-request-storage.ts'
import type { RequestLimit } from './request-observer.ts'

/** A request counts against its own kind and the kinds after it: those without a key limit only each other. */
const PRECEDENCE: readonly Creator['kind'][] = ['key', 'visitor', 'anyone']
const countsAgainst = (made: Creator['kind'], asking: Creator['kind']): boolean =>
  PRECEDENCE.indexOf(made) <= PRECEDENCE.indexOf(asking)

const HOUR_MS = 3_600_000
const BURST_MS = 15 * 60_000

export interface RequestLimitsOptions {
  readonly limitsOf: (app: AppId) => AuthenticationRequestLimits
  readonly now: () => number
  /** Default: none. */
  readonly onLimited?: (limit: RequestLimit) => void
  /** Default: there are no other nodes. */
  readonly counters?: NodeCounters | undefined
}

export type RequestLimits = ReturnType<typeof createRequestLimits>

export function createRequestLimits(options: RequestLimitsOptions) {
  const { limitsOf, now, onLimited = () => undefined, counters = noCounters } = options
  /** Of each kind its own: however many addresses callers without a key have, they do not limit the others. */
  const buckets = {
    key: createBuckets({ now }),
    visitor: createBuckets({ now }),
    anyone: createBuckets({ now }),
  } satisfies Record<Creator['kind'], unknown>
  const holders = new Map<string, number>()
  const limitsFor = (app: AppId, { kind }: Pick<Creator, 'kind'>) =>
    limitsOf(app)[kind === 'key' ? 'withKey' : 'withoutKey']

  async function take(
    limit: RequestLimit,
    kind: Creator['kind'],
    key: string,
    burst: number,
    perHour: number,
  ): Promise<void> {
    const rate = byHour({ burst, perHour })
    const own = buckets[kind](key, rate).take()
    const waitMs = own > 0 ? own : await counters.take('authentication-requests', `${kind} ${key}`, rate)
    if (waitMs <= 0) return
    onLimited(limit)
    throw limited(waitMs)
  }

  return {
    /** Counts a request that is about to be made. Rejects with `rate-limited`. */
    async count(app: AppId, creator: Creator): Promise<void> {
      const { kind } = creator
      const limits = limitsFor(app, creator)
      if (creator.kind === 'visitor') {
        const { sessionBurst, sessionPerHour } = limitsOf(app).inChat ?? DEFAULT_REQUEST_LIMITS.inChat
        await take('session', kind, `${app} visitor ${creator.visitor}`, sessionBurst, sessionPerHour)
      }
      await take('ip', kind, `${app} from ${networkOf(creator.ip)}`, limits.ipBurst, limits.ipPerHour)
      await take('app', kind, app, limits.appBurst, limits.appPerHour)
    },
    /**
     * Milliseconds for which the addressee must be left alone, by the requests for them of the last hour, newest first;
     * or 0.
     */
    addresseeWait(app: AppId, { kind }: Creator, made: readonly MadeRequest[]): number {
      const { addresseePerHour: overall = DEFAULT_REQUEST_LIMITS.addresseePerHour } = limitsOf(app)
      const limits = limitsFor(app, { kind })
      const time = now()
      const untilFree = (list: readonly MadeRequest[], perHour: number) => {
        const oldest = list[perHour - 1]
        return oldest === undefined ? 0 : Math.max(1, oldest.at + HOUR_MS - time)
      }
      const own = made.filter(({ creator }) => creator === kind)
      const ahead = made.filter(({ creator }) => countsAgainst(creator, kind))
      const untilHour = Math.max(
        untilFree(own, limits.addresseePerHour),
        kind === 'key' ? 0 : untilFree(ahead, overall),
      )
      if (untilHour > 0) return untilHour
      const [newest] = own
      const recent = own.filter(({ at }) => at > time - BURST_MS)
      if (newest === undefined || recent.length < limits.addresseeBurst) return 0
      return Math.max(0, newest.at + limits.addresseeCooldownSeconds * 1_000 - time)
    },
    /** Counts a caller that waits. Throws `rate-limited`. Returns a function to call when the wait is over. */
    hold(app: AppId, creator: Creator): () => void {
      const key = `${creator.kind} ${app} ${networkOf(creator.ip)}`
      const held = holders.get(key) ?? 0
      if (held >= limitsFor(app, creator).ipWaits) {
        onLimited('waits')
        throw limited(1_000, 'too many callers of this address are waiting; give wait_for_response 0')
      }
      holders.set(key, held + 1)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        const left = (holders.get(key) ?? 1) - 1
        if (left > 0) holders.set(key, left)
        else holders.delete(key)
      }
    },
  }
}

/** The same words for every limit: they must not tell who else was asked ([AR6]). */
export const limited = (
  retryAfterMs: number,
  message = 'too many authentication requests; try again later',
): ChatError => new ChatError('rate-limited', message, { retryAfterMs })

/** Window of an addressee's count. Milliseconds. */
export const ADDRESSEE_WINDOW_MS = HOUR_MS
