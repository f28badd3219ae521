/** How many authentication requests may be made, and how many callers may wait ([AR7]). */
import { type AppId, ChatError } from '@chat-widget/protocol'
import type { MadeRequest } from '../storage/authentication-request-storage.ts'
import type { Creator } from './authentication-requests.ts'
import { createKeyedBuckets } from './keyed-buckets.ts'
import { networkOf } from './network.ts'
import type { RequestLimit } from './request-observer.ts'

export interface CreationLimits {
  /** Requests for one addressee within 15 minutes before the cooldown begins. */
  readonly addresseeBurst: number
  /** From then on: the least time between two requests for that addressee. Seconds. */
  readonly addresseeCooldownSeconds: number
  /** Requests for one addressee within an hour; counted in the database. */
  readonly addresseePerHour: number
  /** Requests from one IP at once, and then per hour. Of IPv6, a /64 counts as one. */
  readonly ipBurst: number
  readonly ipPerHour: number
  /** Callers from one IP that wait at the same time. */
  readonly ipWaits: number
  /** Requests for the app at once, and then per hour. */
  readonly appBurst: number
  readonly appPerHour: number
}

/** Of one visitor's session, in the chat: at once, and then per hour. */
export interface ChatLimits {
  readonly sessionBurst: number
  readonly sessionPerHour: number
}

/**
 * Of each kind of caller: with a key of the app, in the chat, without a key. Each kind is counted apart; in the chat the
 * numbers are those without a key, and each session is counted besides.
 */
export interface AuthenticationRequestLimits {
  readonly withoutKey: CreationLimits
  readonly withKey: CreationLimits
  /** Default: 5, and then 12 an hour. */
  readonly inChat?: ChatLimits
  /**
   * Requests for one addressee within an hour, over all kinds; default 60. Beyond it those without a key are refused
   * first, then those in the chat; those with a key have `withKey.addresseePerHour` alone.
   */
  readonly addresseePerHour?: number
}

export const DEFAULT_REQUEST_LIMITS: Required<AuthenticationRequestLimits> = {
  withoutKey: {
    addresseeBurst: 3,
    addresseeCooldownSeconds: 30,
    addresseePerHour: 6,
    ipBurst: 20,
    ipPerHour: 60,
    ipWaits: 20,
    appBurst: 200,
    appPerHour: 2_000,
  },
  withKey: {
    addresseeBurst: 10,
    addresseeCooldownSeconds: 5,
    addresseePerHour: 60,
    ipBurst: 1_000,
    ipPerHour: 20_000,
    ipWaits: 10_000,
    appBurst: 1_000,
    appPerHour: 20_000,
  },
  inChat: { sessionBurst: 5, sessionPerHour: 12 },
  addresseePerHour: 60,
}

/** A request counts against those of its own kind and of the kinds behind it, so strangers limit nobody but themselves. */
const PRECEDENCE: readonly Creator['kind'][] = ['key', 'visitor', 'anyone']
const countsAgainst = (made: Creator['kind'], asking: Creator['kind']): boolean =>
  PRECEDENCE.indexOf(made) <= PRECEDENCE.indexOf(asking)

const HOUR_MS = 3_600_000
const BURST_MS = 15 * 60_000

export interface RequestLimits {
  /** Counts a request that is about to be made. Throws `rate-limited`. */
  count(app: AppId, creator: Creator): void
  /** How long the addressee must be left alone, by the requests for them of the last hour, newest first; or 0. */
  addresseeWait(app: AppId, creator: Creator, made: readonly MadeRequest[]): number
  /** Counts a caller that waits. Throws `rate-limited`; call what it answers when the wait is over. */
  hold(app: AppId, creator: Creator): () => void
}

export interface RequestLimitsOptions {
  readonly limitsOf: (app: AppId) => AuthenticationRequestLimits
  readonly now: () => number
  /** Default: nothing. */
  readonly onLimited?: (limit: RequestLimit) => void
}

export function createRequestLimits(options: RequestLimitsOptions): RequestLimits {
  const { limitsOf, now, onLimited = () => undefined } = options
  const buckets = createKeyedBuckets(now)
  const holders = new Map<string, number>()
  const limitsFor = (app: AppId, { kind }: Pick<Creator, 'kind'>) =>
    limitsOf(app)[kind === 'key' ? 'withKey' : 'withoutKey']

  function take(limit: RequestLimit, key: string, burst: number, perHour: number): void {
    const waitMs = buckets.take(key, { burst, perHour })
    if (waitMs <= 0) return
    onLimited(limit)
    throw limited(waitMs)
  }

  return {
    count(app, creator) {
      const limits = limitsFor(app, creator)
      if (creator.kind === 'visitor') {
        const { sessionBurst, sessionPerHour } = limitsOf(app).inChat ?? DEFAULT_REQUEST_LIMITS.inChat
        take('session', `${creator.kind} ${app} ${creator.visitor}`, sessionBurst, sessionPerHour)
      }
      take('ip', `${creator.kind} ${app} ${networkOf(creator.ip)}`, limits.ipBurst, limits.ipPerHour)
      take('app', `${creator.kind} ${app}`, limits.appBurst, limits.appPerHour)
    },
    addresseeWait(app, { kind }, made) {
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
    hold(app, creator) {
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

/** The same words whatever the limit was: they must not tell who else was asked ([AR6]). */
export const limited = (
  retryAfterMs: number,
  message = 'too many authentication requests; try again later',
): ChatError => new ChatError('rate-limited', message, { retryAfterMs })

/** What an addressee's count looks back on. Milliseconds. */
export const ADDRESSEE_WINDOW_MS = HOUR_MS
