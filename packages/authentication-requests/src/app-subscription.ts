/** Reports the outcomes of an app to one observer, from a cursor on, in order and each once, over any disconnect. */
import {
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestEvents,
  type ChatError,
} from '@chat-widget/protocol'
import type {
  AuthenticationResponse,
  Logger,
  Observer,
  SubscribeOptions,
} from './authentication-client-api.ts'
import { type RetryDelay, sleep } from './full-jitter.ts'
import { type HttpApi, isTransient } from './http-api.ts'
import { tell } from './observers.ts'
import { asChatError, pauseAfter } from './waits.ts'

type AppEvent = AuthenticationRequestEvents['events'][number]

export interface AppSubscriptionOptions extends SubscribeOptions {
  readonly observer: Observer
  readonly api: Pick<HttpApi, 'events'>
  judge(event: AppEvent): Promise<AuthenticationResponse>
  /** True if this client made the request: its outcome is reported even if it is older than the subscription. */
  isOurs(cid: string): boolean
  readonly waitSeconds: number
  readonly leastMs: number
  readonly retryDelay: RetryDelay
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Number of outcomes among which a repetition is recognised; a server repeats within a page, if at all. */
const REMEMBERED = 10_000

/** Longer than any call takes. */
const BEFORE_MS = 60_000
const MOST_AGO_MS = AUTHENTICATION_REQUEST_LIMITS.eventsAgoMs

/** Resolves when the signal aborts, or when the server refuses for good. */
export async function followApp(options: AppSubscriptionOptions): Promise<void> {
  const { observer, api, logger, signal } = options
  const told = new Set<string>()
  const age = stopwatch()
  let cursor = options.after ?? null
  /** By the server's clock: outcomes older than the subscription are skipped. */
  let from = options.after === undefined ? null : Number.NEGATIVE_INFINITY
  let failures = 0

  const handle = async (event: AppEvent) => {
    const cid = event.authentication_request_id.toLowerCase()
    const isOld = from !== null && Date.parse(event.ended_at) < from
    if (told.has(cid) || (isOld && !options.isOurs(cid))) return
    const response = await options.judge(event)
    if (signal.aborted || response.status === 'pending') return
    told.add(cid)
    for (const oldest of told) {
      if (told.size <= REMEMBERED) break
      told.delete(oldest)
    }
    await tell(observer, response, logger)
  }

  const end = (error: ChatError) => {
    const report = () => logger.error('the subscription to authentication requests has ended', error)
    try {
      if (options.onError) options.onError(error)
      else report()
    } catch {
      report()
    }
  }

  while (!signal.aborted) {
    const startedAt = performance.now()
    try {
      // The first page begins before the subscription, by more than a call can take: it contains decisions made while
      // the call is under way. The server's clock then tells which are newer than the subscription.
      const page =
        cursor === null
          ? await api.events({ agoMs: Math.min(MOST_AGO_MS, Math.ceil(age()) + BEFORE_MS) }, 0, signal)
          : await api.events({ after: cursor }, options.waitSeconds, signal)
      from ??= Date.parse(page.server_time) - age()
      for (const event of page.events) await handle(event)
      cursor = page.cursor
      failures = 0
      if (page.events.length === 0) await sleep(options.leastMs - (performance.now() - startedAt), signal)
    } catch (error) {
      if (signal.aborted) return
      if (!isTransient(error)) {
        return end(asChatError(error))
      }
      failures += 1
      if (failures === 1) logger.warn('authentication requests: the server cannot be reached; trying again')
      await pauseAfter(error, options.retryDelay(failures), signal).catch(() => {})
    }
  }
}

/**
 * Milliseconds since its creation. One clock stops while the machine sleeps, the other may be set: the longer time
 * counts.
 */
function stopwatch(): () => number {
  const [time, date] = [performance.now(), Date.now()]
  return () => Math.max(performance.now() - time, Date.now() - date)
}
