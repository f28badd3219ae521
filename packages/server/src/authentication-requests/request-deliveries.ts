/** Delivers requests and follows them, in the background, with retries until it works or the request is over. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AppId, AuthenticationRequestId, AuthenticationRequestStatus } from '@chat-widget/protocol'
import pLimit, { type LimitFunction } from 'p-limit'
import type { Logger } from 'pino'
import { fullJitterMs, type JitterBounds } from '../full-jitter.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import { type AuthenticationRequestProvider, DeliveryRefused } from './authentication-requests.ts'
import type { EndedElsewhere } from './request-endings.ts'
import type { DeliveryResult } from './request-observer.ts'
import { toRecord } from './request-record.ts'

export interface RequestDeliveriesOptions {
  readonly requests: AuthenticationRequestStorage
  readonly providerOf: (request: StoredRequest) => AuthenticationRequestProvider
  /** True if the addressee may be asked at all. */
  readonly isReachable: (request: StoredRequest) => Promise<boolean>
  /** Apps whose requests another server decides. */
  readonly followed: readonly AppId[]
  /** Absolute address of the approval page. */
  readonly linkOf: (token: string) => string
  /** Makes a token and stores its hash with the request. */
  readonly renewLink: (id: AuthenticationRequestId) => Promise<string>
  /** Called when the person has been asked for the first time. */
  readonly onAsked: (request: StoredRequest) => void
  /** Called when the request will not reach its addressee. */
  readonly onFailed: (request: StoredRequest, status: 'unauthorized' | 'errored') => Promise<void>
  /** Called when another server decided or ended the request. */
  readonly onEnded: (request: StoredRequest, status: EndedElsewhere) => Promise<void>
  /** Called with the digits that the person will be asked for, once they are asked ([AR2]). */
  readonly onCode: (request: StoredRequest, code: string) => void
  readonly onResult: (result: Exclude<DeliveryResult, 'failed'>) => void
  readonly logger: Logger
  /** Waits between tries. Default: up to 1 s, then 2 s, 4 s … 60 s. */
  readonly tuning?: Partial<JitterBounds>
}

const WAITS: JitterBounds = { baseMs: 1_000, capMs: 60_000 }
/** Requests being asked, of each provider: one that hangs does not delay the others. */
const ASKED_AT_ONCE = 20
/** Requests being followed. Counted apart, as a person's slowness must not keep others from being asked. */
const FOLLOWED_AT_ONCE = 200

export type RequestDeliveries = ReturnType<typeof createRequestDeliveries>

export function createRequestDeliveries(options: RequestDeliveriesOptions) {
  const { requests, providerOf, isReachable, followed, linkOf, renewLink, logger } = options
  const { onAsked, onFailed, onEnded, onCode, onResult } = options
  const waits = { ...WAITS, ...options.tuning }
  const slots = new Map<AuthenticationRequestProvider, Record<'asking' | 'following', LimitFunction>>()
  const running = new Map<AuthenticationRequestId, { readonly stop: AbortController; done: Promise<void> }>()
  let markStarted: () => void = () => undefined
  const started = new Promise<void>((resolve) => {
    markStarted = resolve
  })
  let isClosed = false

  /** The steps left for a request; kept between tries, so that nothing is delivered twice. */
  interface Job {
    readonly request: StoredRequest
    token: string | null
    isAsked: boolean
    /** Digits that the provider made. */
    code: string | null
    /** The provider's last answer, if it is not stored yet. */
    status: AuthenticationRequestStatus | null
  }

  function slotsOf({ request, isAsked }: Job): LimitFunction {
    const provider = providerOf(request)
    const its = slots.get(provider) ?? {
      asking: pLimit(ASKED_AT_ONCE),
      following: pLimit(FOLLOWED_AT_ONCE),
    }
    slots.set(provider, its)
    return isAsked ? its.following : its.asking
  }

  /** Resolves with true if there is more to do. */
  async function attempt(job: Job, signal: AbortSignal): Promise<boolean> {
    const { request } = job
    const { id } = request
    const provider = providerOf(request)
    if (job.status === null) {
      if ((await requests.find(id))?.status !== 'pending') return false
      const mayAsk = job.isAsked || (await isReachable(request))
      // Ended meanwhile: calling the provider would ask the person for nothing.
      signal.throwIfAborted()
      job.status = mayAsk ? await unlessAborted(consult(provider, job, signal), signal) : 'unauthorized'
    }
    switch (job.status) {
      case 'pending':
        if (!job.isAsked) {
          await requests.setDelivery(id, 'delivered')
          onResult('delivered')
          onAsked(request)
        }
        job.isAsked = true
        // Not before it is stored: after a crash an approval counts only if digits may have been shown.
        if (job.code !== null) onCode(request, job.code)
        job.status = null
        return provider.follow !== undefined
      case 'unauthorized':
      case 'errored':
        await onFailed(request, job.status)
        return false
      case 'approved':
      case 'denied':
      case 'expired':
      case 'canceled':
        await onEnded(request, job.status)
        return false
      default:
        job.status satisfies never
        throw new DeliveryRefused('the provider answered with an unknown status')
    }
  }

  function consult(provider: AuthenticationRequestProvider, job: Job, signal: AbortSignal) {
    const link = async () => {
      job.token ??= await renewLink(job.request.id)
      return linkOf(job.token)
    }
    const showCode = (code: string) => {
      job.code = code
    }
    const provided = { record: toRecord(job.request), link, signal, code: job.code, showCode }
    return job.isAsked && provider.follow !== undefined ? provider.follow(provided) : provider.ask(provided)
  }

  async function run(job: Job, signal: AbortSignal): Promise<void> {
    await unlessAborted(started, signal)
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        while (await slotsOf(job)(() => attempt(job, signal))) failures = 1
        return
      } catch (error) {
        if (signal.aborted) return
        report(job, error)
        if (error instanceof DeliveryRefused && (await gaveUp(job))) return
        if (!job.isAsked) onResult('retried')
      }
      await delay(fullJitterMs(failures, waits), undefined, { signal })
    }
  }

  /** Resolves with true if the failure was stored; else everything is tried again. */
  async function gaveUp(job: Job): Promise<boolean> {
    try {
      await onFailed(job.request, 'errored')
      return true
    } catch (error) {
      report(job, error)
      return false
    }
  }

  /** Logs a failure for the operator. A mail server's message may repeat its input, so the token is removed ([AR5]). */
  function report({ request: { id, app }, token }: Job, error: unknown): void {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
    const problem = token === null ? said : said.replaceAll(token, '•••')
    logger.warn({ request: id, app, problem }, 'an authentication request could not be delivered')
  }

  function begin(request: StoredRequest, token: string | null, isAsked = false): void {
    if (isClosed || running.has(request.id)) return
    const stop = new AbortController()
    const job = { stop, done: Promise.resolve() }
    running.set(request.id, job)
    job.done = run({ request, token, isAsked, code: null, status: null }, stop.signal)
      // `run` rejects only when the signal aborts.
      .catch(() => undefined)
      .finally(() => running.delete(request.id))
  }

  async function stopIfOver(id: AuthenticationRequestId, stop: AbortController): Promise<void> {
    try {
      if ((await requests.find(id))?.status !== 'pending') stop.abort()
    } catch {
      // The next try checks again.
    }
  }

  return {
    /** Returns at once, for any addressee alike ([AR6]). */
    begin: (request: StoredRequest, token: string): void => begin(request, token),
    /** Starts deliveries; first those that an earlier run of the server left. */
    async start(): Promise<void> {
      for (const request of await requests.owed()) begin(request, null)
      for (const app of followed)
        for (const request of await requests.undecided(app)) begin(request, null, true)
      markStarted()
    },
    /** Checks if the request is still to be delivered. */
    notice(id: AuthenticationRequestId): void {
      const job = running.get(id)
      if (job !== undefined) void stopIfOver(id, job.stop)
    },
    /** Stops; unfinished deliveries stay in the database. Idempotent. */
    async close(): Promise<void> {
      isClosed = true
      const left = [...running.values()]
      for (const { stop } of left) stop.abort()
      await Promise.all(left.map(({ done }) => done))
    },
  }
}

/** Stops waiting for a delivery that ignores its signal. */
function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
