/** Brings requests to their addressees in the background, again and again until it works or the request is over. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import { createSemaphore } from '../bot/semaphore.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import { DeliveryRefused, type RequestDelivery } from './authentication-requests.ts'
import { toRecord } from './request-record.ts'

export interface RequestDeliveries {
  /** Returns at once; whom it concerns makes no difference to the caller ([AR6]). */
  begin(request: StoredRequest, token: string): void
  /** Lets deliveries go, first those that an earlier run of the server owed. */
  start(): Promise<void>
  /** Looks whether the request is still to be delivered. */
  notice(id: AuthenticationRequestId): void
  /** Stops; what is owed stays so in the database. Idempotent. */
  close(): Promise<void>
}

export interface RequestDeliveriesOptions {
  readonly requests: AuthenticationRequestStorage
  readonly delivery: RequestDelivery
  /** Absolute address of the approval page. */
  readonly linkOf: (token: string) => string
  /** A token whose hash is with the request from now on. */
  readonly renewLink: (id: AuthenticationRequestId) => Promise<string>
  /** The request will not reach its addressee. */
  readonly onFailed: (request: StoredRequest, status: 'unauthorized' | 'errored') => Promise<void>
  readonly logger: Logger
  readonly tuning?: Partial<DeliveryTuning>
}

export interface DeliveryTuning {
  /** Bound of the wait before the second try; it doubles up to `capMs`. Any wait below it is as likely (full jitter). */
  readonly baseMs: number
  readonly capMs: number
}

const DEFAULT_DELIVERY_TUNING: DeliveryTuning = { baseMs: 1_000, capMs: 60_000 }
const AT_ONCE = 20

export function createRequestDeliveries(options: RequestDeliveriesOptions): RequestDeliveries {
  const { requests, delivery, linkOf, renewLink, onFailed, logger } = options
  const { baseMs, capMs } = { ...DEFAULT_DELIVERY_TUNING, ...options.tuning }
  const slots = createSemaphore(AT_ONCE)
  const running = new Map<AuthenticationRequestId, { readonly stop: AbortController; done: Promise<void> }>()
  let letGo: () => void = () => undefined
  const started = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let isClosed = false

  /** What is left to do of a request; kept between tries, so that what was delivered is not delivered again. */
  interface Job {
    readonly request: StoredRequest
    token: string | null
    isDelivered: boolean
  }

  async function attempt(job: Job, signal: AbortSignal): Promise<void> {
    const { request } = job
    const { id, app, addressee } = request
    if (!job.isDelivered) {
      if ((await requests.find(id))?.status !== 'pending') return
      // No authenticator can be connected yet.
      const isReachable = addressee.kind === 'email' && !(await requests.isMuted(app, addressee))
      if (!isReachable) return onFailed(request, 'unauthorized')
      job.token ??= await renewLink(id)
      const link = linkOf(job.token)
      await unlessAborted(delivery.deliver({ record: toRecord(request), link, signal }), signal)
      job.isDelivered = true
    }
    await requests.setDelivery(id, 'delivered')
  }

  async function run(job: Job, signal: AbortSignal): Promise<void> {
    await unlessAborted(started, signal)
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        return await slots.run(() => attempt(job, signal))
      } catch (error) {
        if (signal.aborted) return
        report(job, error)
        if (error instanceof DeliveryRefused && (await gaveUp(job))) return
      }
      await delay(Math.random() * Math.min(capMs, baseMs * 2 ** Math.min(tries, 20)), undefined, { signal })
    }
  }

  /** Whether it could be written down; else it is all tried again. */
  async function gaveUp(job: Job): Promise<boolean> {
    try {
      await onFailed(job.request, 'errored')
      return true
    } catch (error) {
      report(job, error)
      return false
    }
  }

  /** For the operator. What a mail server says may repeat what it was given, so the token is taken out ([AR5]). */
  function report({ request: { id, app }, token }: Job, error: unknown): void {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
    const problem = token === null ? said : said.replaceAll(token, '•••')
    logger.warn({ request: id, app, problem }, 'an authentication request could not be delivered')
  }

  function begin(request: StoredRequest, token: string | null): void {
    if (isClosed || running.has(request.id)) return
    const stop = new AbortController()
    const job = { stop, done: Promise.resolve() }
    running.set(request.id, job)
    job.done = run({ request, token, isDelivered: false }, stop.signal)
      // `run` ends by the signal alone.
      .catch(() => undefined)
      .finally(() => running.delete(request.id))
  }

  async function stopIfOver(id: AuthenticationRequestId, stop: AbortController): Promise<void> {
    try {
      if ((await requests.find(id))?.status !== 'pending') stop.abort()
    } catch {
      // The next try looks again.
    }
  }

  return {
    begin,
    async start() {
      for (const request of await requests.owed()) begin(request, null)
      letGo()
    },
    notice(id) {
      const job = running.get(id)
      if (job !== undefined) void stopIfOver(id, job.stop)
    },
    async close() {
      isClosed = true
      const left = [...running.values()]
      for (const { stop } of left) stop.abort()
      await Promise.all(left.map(({ done }) => done))
    },
  }
}

/** A delivery that does not heed its signal is left alone. */
function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
