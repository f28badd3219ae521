/** Jobs that ask people, and that follow requests which another server decides, until they work or the request is over. */
import type { AppId, AuthenticationRequestId, AuthenticationRequestStatus } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { JitterBounds } from '../full-jitter.ts'
import type { JobHandler, JobQueue, RunningJob } from '../jobs/job-queue.ts'
import { untilStored } from '../jobs/until-stored.ts'
import { createTurns } from '../limits/turns.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import { followJob, type NewJob } from '../storage/job-storage.ts'
import {
  type AuthenticationRequestProvider,
  DeliveryRefused,
  type ProvidedRequest,
} from './authentication-requests.ts'
import type { EndedElsewhere } from './request-endings.ts'
import type { DeliveryResult } from './request-observer.ts'
import { toRecord } from './request-record.ts'

export interface RequestDeliveriesOptions {
  readonly jobs: Pick<JobQueue, 'handle'>
  readonly requests: AuthenticationRequestStorage
  readonly providerOf: (request: StoredRequest) => AuthenticationRequestProvider
  /** True if another server decides the app's requests. */
  readonly isForwarded: (app: AppId) => boolean
  /** True if the addressee may be asked at all. */
  readonly isReachable: (request: StoredRequest) => Promise<boolean>
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
  /** The digits that the person is asked for, if another server makes them and this node has them. */
  readonly codeOf: (id: AuthenticationRequestId) => string | null
  /** Called with those digits, once the person is asked ([AR2]). */
  readonly onCode: (id: AuthenticationRequestId, code: string) => void
  readonly onResult: (result: Exclude<DeliveryResult, 'failed'>) => void
  readonly now: () => number
  readonly logger: Logger
  /** Pauses between tries. Default: up to 1 s, then 2 s, 4 s … 60 s. */
  readonly tuning?: Partial<JitterBounds>
}

type Kind = 'request-delivery' | 'request-follow'

const PAUSES: JitterBounds = { baseMs: 1_000, capMs: 60_000 }
/** Requests of a provider being asked or followed: one that hangs does not delay the others. */
const AT_ONCE = { 'request-delivery': 20, 'request-follow': 200 } as const
/** Jobs of a kind on this node, most of which wait for their provider's turn. */
const JOBS_AT_ONCE = 2_000
/** Pause after the database failed. Milliseconds. */
const REST_MS = 1_000
/** Links of requests that this node made and did not deliver yet; without its token a request gets another link. */
const MOST_TOKENS = 10_000

export type RequestDeliveries = ReturnType<typeof createRequestDeliveries>

export function createRequestDeliveries(options: RequestDeliveriesOptions) {
  const { requests, providerOf, isForwarded, isReachable, linkOf, renewLink, now, logger } = options
  const { onAsked, onFailed, onEnded, codeOf, onCode, onResult } = options
  const turns = {
    'request-delivery': createTurns({ atOnce: AT_ONCE['request-delivery'] }),
    'request-follow': createTurns({ atOnce: AT_ONCE['request-follow'] }),
  }
  const tokens = new Map<AuthenticationRequestId, string>()
  /** Aborted when their request is over. */
  const running = new Map<AuthenticationRequestId, AbortController>()

  const isOver = ({ status, expiresAt }: StoredRequest) => status !== 'pending' || expiresAt <= now()
  const turnOf = ({ app, addressee }: StoredRequest) =>
    isForwarded(app) ? `forwarded ${app}` : addressee.kind

  const handlerOf = <One extends Kind>(
    kind: One,
    work: (request: StoredRequest, signal: AbortSignal) => Promise<readonly NewJob[]>,
  ): JobHandler<One> => ({
    // A request has its end, at which they end too.
    ...{ atOnce: JOBS_AT_ONCE, tries: Number.POSITIVE_INFINITY, backoff: { ...PAUSES, ...options.tuning } },
    async run({ payload: { requestId }, signal }: RunningJob<Kind>) {
      const found = await requests.find(requestId)
      if (found === null || isOver(found)) return []
      return turns[kind].run(turnOf(found), () => runUntilOver(found, signal, work))
    },
  })

  async function runUntilOver(
    request: StoredRequest,
    stop: AbortSignal,
    work: (request: StoredRequest, signal: AbortSignal) => Promise<readonly NewJob[]>,
  ): Promise<readonly NewJob[]> {
    const { id } = request
    const over = new AbortController()
    const signal = AbortSignal.any([stop, over.signal])
    running.set(id, over)
    try {
      // Its turn may have come late.
      const found = await requests.find(id)
      if (found === null || isOver(found)) return []
      return await work(request, signal)
    } catch (error) {
      if (over.signal.aborted) return []
      if (!stop.aborted) report(request, error)
      if (stop.aborted || !(error instanceof DeliveryRefused)) throw error
      await onFailed(request, 'errored')
      return []
    } finally {
      running.delete(id)
    }
  }

  async function ask(request: StoredRequest, signal: AbortSignal): Promise<readonly NewJob[]> {
    const { id } = request
    const provider = providerOf(request)
    const mayAsk = await unlessAborted(isReachable(request), signal)
    // Ended meanwhile: calling the provider would ask the person for nothing.
    signal.throwIfAborted()
    if (!mayAsk) return endAs(request, 'unauthorized')
    let shown: string | null = null
    const asking = provider.ask(
      provided(request, signal, (code) => {
        shown = code
      }),
    )
    const status = await unlessAborted(asking, signal).catch((error: unknown) => {
      if (!signal.aborted && !(error instanceof DeliveryRefused)) onResult('retried')
      throw error
    })
    if (status !== 'pending') return endAs(request, status)
    // Asking once more, as the next try would, would be another mail.
    await untilStored(() => requests.setDelivery(id, 'delivered'), {
      ...{ restMs: REST_MS, signal },
      onFailure: (err) =>
        logger.error({ err }, 'a delivered authentication request could not be stored; it is tried again'),
    })
    tokens.delete(id)
    onResult('delivered')
    onAsked(request)
    // Not before it is stored: after a crash an approval counts only if digits may have been shown.
    if (shown !== null) onCode(id, shown)
    return provider.follow === undefined ? [] : [followJob(id, now())]
  }

  async function follow(request: StoredRequest, signal: AbortSignal): Promise<readonly NewJob[]> {
    const { id } = request
    const provider = providerOf(request)
    if (provider.follow === undefined) return []
    const following = provider.follow(provided(request, signal, (code) => onCode(id, code)))
    const status = await unlessAborted(following, signal)
    return status === 'pending' ? [followJob(id, now())] : endAs(request, status)
  }

  function provided(
    request: StoredRequest,
    signal: AbortSignal,
    showCode: (code: string) => void,
  ): ProvidedRequest {
    const { id } = request
    const link = async () => {
      const token = tokens.get(id) ?? (await renewLink(id))
      keepToken(id, token)
      return linkOf(token)
    }
    return { record: toRecord(request), link, signal, code: codeOf(id), showCode }
  }

  async function endAs(
    request: StoredRequest,
    status: Exclude<AuthenticationRequestStatus, 'pending'>,
  ): Promise<readonly NewJob[]> {
    switch (status) {
      case 'unauthorized':
      case 'errored':
        await onFailed(request, status)
        return []
      case 'approved':
      case 'denied':
      case 'expired':
      case 'canceled':
        await onEnded(request, status)
        return []
      default:
        status satisfies never
        throw new DeliveryRefused('the provider answered with an unknown status')
    }
  }

  function keepToken(id: AuthenticationRequestId, token: string): void {
    const [oldest] = tokens.keys()
    if (tokens.size >= MOST_TOKENS && !tokens.has(id) && oldest !== undefined) tokens.delete(oldest)
    tokens.set(id, token)
  }

  /** Logs a failure for the operator. A mail server's message may repeat its input, so the token is removed ([AR5]). */
  function report({ id, app }: StoredRequest, error: unknown): void {
    const token = tokens.get(id)
    const said = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
    const problem = token === undefined ? said : said.replaceAll(token, '•••')
    logger.warn({ request: id, app, problem }, 'an authentication request could not be delivered')
  }

  options.jobs.handle('request-delivery', handlerOf('request-delivery', ask))
  options.jobs.handle('request-follow', handlerOf('request-follow', follow))

  return {
    /** Keeps the token of the link that was stored with the request. */
    keepToken,
    /** True if a job of this node has the digits, or is about to. */
    isRunning: (id: AuthenticationRequestId): boolean => running.has(id),
    /** Called when a request changed: stops its job if it is over. */
    async notice(id: AuthenticationRequestId): Promise<void> {
      const over = running.get(id)
      if (over === undefined && !tokens.has(id)) return
      // On a failure the next try checks again.
      const found = await requests.find(id).catch(() => null)
      if (found === null || !isOver(found)) return
      over?.abort()
      tokens.delete(id)
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
