/** Tells one observer the outcomes of an app, in order and each once, from a cursor on, over any disconnect. */
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
  /** Whether this client asked for it: then it is told although it happened before the subscription. */
  isOurs(cid: string): boolean
  readonly waitSeconds: number
  readonly leastMs: number
  readonly retryDelay: RetryDelay
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** So many outcomes back a repetition is recognised; a server repeats within a page, if at all. */
const REMEMBERED = 10_000

/** Resolves when the signal aborts, or when the server refuses for good. */
export async function followApp(options: AppSubscriptionOptions): Promise<void> {
  const { observer, api, logger, signal } = options
  const told = new Set<string>()
  let cursor = options.after ?? ''
  // Without a cursor, what lies before the subscription is passed over, page by page.
  let isLive = options.after !== undefined
  let failures = 0

  const handle = async (event: AppEvent) => {
    const cid = event.authentication_request_id.toLowerCase()
    if (told.has(cid) || !(isLive || options.isOurs(cid))) return
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
      const page = await api.events(cursor, isLive ? options.waitSeconds : 0, signal)
      for (const event of page.events) await handle(event)
      cursor = page.cursor
      failures = 0
      const isFull = page.events.length >= AUTHENTICATION_REQUEST_LIMITS.eventsPerPage
      if (!isFull) isLive = true
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
