/** Requests, waits and subscriptions: `client.authentication()`. */
import { type AuthenticationRequestAnswer, ChatError } from '@chat-widget/protocol'
import { either, onAbort } from './abort-signals.ts'
import { followApp } from './app-subscription.ts'
import type {
  Authentication,
  AuthenticationResponse,
  LinkOptions,
  Logger,
  Observer,
  RequestOptions,
  SubscribeOptions,
  Whom,
} from './authentication-client-api.ts'
import { createConnectLink, drawQr } from './connect-link.ts'
import { deferred, type RetryDelay, sleep } from './full-jitter.ts'
import { type HttpApi, isTransient } from './http-api.ts'
import { assertObserver, tell } from './observers.ts'
import { createOwnIds, isUuid, readCid } from './own-ids.ts'
import { followOwn } from './own-subscription.ts'
import { type RequestInput, readOptions, readRequest, readSignal } from './request-input.ts'
import { createRequestsMade, type RequestMade } from './requests-made.ts'
import { bindingCodeOf, createResponse, failedResponse } from './response.ts'
import type { VerifyAnswer } from './verify-decision.ts'
import { createWaits } from './waits.ts'

/** Time limits and numbers of retries. */
export interface Tuning {
  /** Longest time for which one call is held open. */
  readonly sliceSeconds: number
  /** Least time between two calls that were not held open. */
  readonly leastMs: number
  readonly retryDelay: RetryDelay
  /** Failures in a row after which a blocking wait gives up: about a minute, with full jitter. */
  readonly failuresWhileWaiting: number
  /** The same for a call whose caller waits for its answer at once. */
  readonly tries: number
}

export interface AuthenticationParts {
  readonly server: string
  readonly app: string | null
  readonly applicationTitle: string
  readonly hasKey: boolean
  readonly api: HttpApi
  readonly verify: VerifyAnswer
  readonly logger: Logger
  readonly tuning: Tuning
  /** Aborts when the client closes, with the error that ends pending calls. */
  readonly closing: AbortSignal
}

export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { server, app, api, verify, logger, tuning, closing } = parts
  const made = createRequestsMade((cid) => waits.isWaitedFor(cid))
  // Without a key the id alone gives access to a request, so nobody else may arrive at the same one.
  const ids = createOwnIds(parts.hasKey ? `${server} ${app}` : crypto.randomUUID())

  const judge = async (
    answer: AuthenticationRequestAnswer & { readonly cursor?: string },
  ): Promise<AuthenticationResponse> => {
    const cid = answer.authentication_request_id.toLowerCase()
    const request = made.get(cid)
    const verdict = await verify(answer, request?.asked ?? null)
    const response = createResponse(ids.given(cid), verdict, {
      bindingCode: bindingCodeOf(answer),
      cursor: answer.cursor,
    })
    // An answer may be refused only because its key is not known yet: the next call fetches the keys again.
    const isFinal = response.status !== 'pending' && response.status === answer.authentication_request_status
    if (request !== undefined && isFinal) request.outcome ??= response
    return response
  }

  /** A request that is still being made is not found: asks once more afterwards. */
  const onceMade = async <Value>(
    cid: string,
    signal: AbortSignal,
    call: () => Promise<Value>,
  ): Promise<Value> => {
    const making = made.get(cid)?.making
    try {
      return await call()
    } catch (error) {
      if (!making || !(error instanceof ChatError) || error.code !== 'not-found') throw error
      const { promise, resolve } = deferred<void>()
      making.then(
        () => resolve(),
        () => resolve(),
      )
      const forget = onAbort(signal, resolve)
      await promise
      forget()
      signal.throwIfAborted()
      return call()
    }
  }

  const waits = createWaits({
    async ask(cid, signal) {
      const answer = await onceMade(cid, signal, () => api.state(cid, tuning.sliceSeconds, signal))
      const request = made.get(cid)
      if (request !== undefined) made.made(request)
      return answer
    },
    judge,
    retryDelay: tuning.retryDelay,
    leastMs: tuning.leastMs,
  })
  onAbort(closing, () => waits.close())

  /** One call, retried if that is safe and may help. */
  const now = async <Value>(
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<Value>,
    { tries, limitMs }: { readonly tries: number; readonly limitMs: number } = {
      tries: tuning.tries,
      limitMs: Number.POSITIVE_INFINITY,
    },
  ): Promise<Value> => {
    const { signal: ending, release } = either(signal, closing)
    const limit = limitOf(limitMs)
    const { signal: limited, release: releaseLimit } = either(limit.signal, ending)
    let failure: unknown
    try {
      for (let failures = 1; ; failures += 1) {
        try {
          return await call(limited)
        } catch (error) {
          ending.throwIfAborted()
          // An earlier error says more than that the time is over.
          if (limit.signal.aborted) throw failure ?? error
          if (!mayHelpNow(error) || failures >= tries) throw error
          failure = error
          await sleep((error.retryAfterMs ?? 0) + tuning.retryDelay(failures), limited).catch(() => {})
          if (limited.aborted) throw ending.aborted ? ending.reason : error
        }
      }
    } finally {
      limit.release()
      releaseLimit()
      release()
    }
  }

  const make = async (
    { cid, asked, body, signal }: RequestInput,
    patience?: { readonly tries: number; readonly limitMs: number },
  ): Promise<AuthenticationResponse> => {
    const request = made.enter(cid, asked, body)
    const ask = async (ending: AbortSignal) => {
      const answer = await api.ask(body, request.secret, ending)
      made.made(request)
      return judge(answer)
    }
    const making = now(signal, ask, patience)
    request.making = making
    try {
      return await making
    } catch (error) {
      // After any other failure the server may have the request, and its outcome is verified against the person we
      // asked.
      if (error instanceof ChatError && !mayHelpNow(error)) made.drop(request)
      throw error
    } finally {
      if (request.making === making) request.making = null
    }
  }

  /** Resolves with the outcome, or as `pending` after `limitMs`. */
  const untilDecided = async (
    cid: string,
    signal: AbortSignal | undefined,
    limitMs: number | null,
  ): Promise<AuthenticationResponse> => {
    const { promise, resolve, reject } = deferred<AuthenticationResponse>()
    const { signal: ending, release } = either(signal, closing)
    const timer = new AbortController()
    const leave = waits.join(cid, {
      onOutcome: resolve,
      onRefused: reject,
      onFailure(error, failures) {
        if (failures >= tuning.failuresWhileWaiting) reject(error)
      },
    })
    const forget = onAbort(ending, () => reject(ending.reason))
    if (limitMs !== null)
      sleep(limitMs, timer.signal).then(
        () => resolve(createResponse(ids.given(cid), { status: 'pending' })),
        () => {},
      )
    try {
      return await promise
    } finally {
      leave()
      timer.abort()
      forget()
      release()
    }
  }

  /** Reports the outcome to the observer, however long it takes. */
  const observe = (cid: string, observer: Observer, signal: AbortSignal | undefined) => {
    if (signal?.aborted || closing.aborted) return
    const end = (response: AuthenticationResponse) => {
      leave()
      forget?.()
      void tell(observer, response, logger)
    }
    const leave = waits.join(cid, {
      onOutcome: end,
      onRefused: (error) => end(failedResponse(ids.given(cid), error)),
      onFailure() {},
    })
    const forget = signal && onAbort(signal, leave)
  }

  const withUuid = async (input: RequestInput): Promise<RequestInput> => {
    const cid = await ids.uuidOf(input.cid)
    return { ...input, cid, body: { ...input.body, authentication_request_id: cid } }
  }

  const requestAwaited = async (input: RequestInput) => {
    if (input.isAsync || input.waitMs === 0) return make(input)
    const endsAt = performance.now() + input.waitMs
    const response = await make(input, { tries: tuning.failuresWhileWaiting, limitMs: input.waitMs })
    if (response.status !== 'pending') return response
    const outcome = await untilDecided(input.cid, input.signal, endsAt - performance.now())
    return outcome.status === 'pending' ? response : outcome
  }

  const requestObserved = async (input: RequestInput, observer: Observer) => {
    const { cid, signal } = input
    try {
      const response = await make(input, { tries: tuning.failuresWhileWaiting, limitMs: input.waitMs })
      if (response.status === 'pending') observe(cid, observer, signal)
      else void tell(observer, response, logger)
      return response
    } catch (error) {
      if (error instanceof ChatError && error.code !== 'closed')
        void tell(observer, failedResponse(ids.given(cid), error), logger)
      throw error
    }
  }

  /** Access to a request: the key, else this client's secret for it. */
  const opened = (cid: string): RequestMade | null => {
    const request = made.get(cid) ?? null
    if (request === null && !parts.hasKey)
      throw new ChatError('unauthenticated', 'this client did not make the request, and has no API key')
    return request
  }

  return {
    request(whom: Whom, options: RequestOptions = {}, observer?: Observer) {
      try {
        const input = readRequest(whom, options, parts.applicationTitle)
        if (input.asked === null && !parts.hasKey) throw new TypeError('scan: needs an API key')
        const named = isUuid(input.cid) ? null : withUuid(input)
        if (observer === undefined) return named === null ? requestAwaited(input) : named.then(requestAwaited)
        assertObserver(observer)
        const begin = (read: RequestInput) => requestObserved(read, observer)
        const response = named === null ? begin(input) : named.then(begin)
        // A caller with an observer need not await as well: the observer was told, so a rejection is not unhandled.
        response.catch(() => {})
        return response
      } catch (error) {
        return Promise.reject(error)
      }
    },

    // A UUID's wait begins in the same task, here and below, so that the request is not forgotten meanwhile.
    async waitFor(id, options = {}) {
      const { signal } = readOptions(options)
      const cid = isUuid(id) ? readCid(id) : await ids.uuidOf(id)
      readSignal(signal)
      return opened(cid)?.outcome ?? untilDecided(cid, signal, null)
    },

    async get(id, options = {}) {
      const { signal } = readOptions(options)
      const cid = isUuid(id) ? readCid(id) : await ids.uuidOf(id)
      readSignal(signal)
      opened(cid)
      return now(signal, (ending) =>
        onceMade(cid, ending, async () => judge(await api.state(cid, 0, ending))),
      )
    },

    async cancel(id, options = {}) {
      const { signal } = readOptions(options)
      const cid = isUuid(id) ? readCid(id) : await ids.uuidOf(id)
      readSignal(signal)
      const request = opened(cid)
      const cancel = async (ending: AbortSignal) =>
        judge(await api.cancel(cid, request?.secret ?? null, ending))
      return now(signal, (ending) => onceMade(cid, ending, () => cancel(ending)))
    },

    subscribe(observer: Observer, options: SubscribeOptions = {}) {
      assertObserver(observer)
      const { after, onError } = readOptions(options)
      if (onError !== undefined && typeof onError !== 'function')
        throw new TypeError('onError: a function is needed')
      if (after !== undefined && typeof after !== 'string') throw new TypeError('after: a cursor is needed')
      if (closing.aborted) throw closing.reason
      if (!parts.hasKey) {
        if (after !== undefined) throw new TypeError('after: a cursor needs an API key')
        return followOwn({
          made,
          waits,
          given: ids.given,
          tell: (response) => tell(observer, response, logger),
        })
      }
      if (app === null) throw new TypeError('app: give it to createAuthenticationClient() to subscribe')
      const controller = new AbortController()
      const { signal, release } = either(controller.signal, closing)
      void followApp({
        observer,
        api,
        judge,
        isOurs: (cid) => made.get(cid) !== undefined,
        waitSeconds: tuning.sliceSeconds,
        leastMs: tuning.leastMs,
        retryDelay: tuning.retryDelay,
        logger,
        signal,
        ...(after === undefined ? {} : { after }),
        ...(onError === undefined ? {} : { onError }),
      }).finally(release)
      return () => controller.abort()
    },

    async generateQR(options: LinkOptions & { readonly format?: 'png' | 'svg' } = {}) {
      const { format = 'png', cid, ...link } = readOptions(options)
      const request = cid === undefined ? {} : { cid: await ids.uuidOf(cid) }
      return (await drawQr(createConnectLink(server, app, { ...link, ...request }), format)) as never
    },

    generateDeepLink: (callback) =>
      createConnectLink(server, app, callback === undefined ? {} : { callback }),
  }
}

/** Aborts after a time, with the error for a silent server. */
function limitOf(ms: number): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  if (!Number.isFinite(ms)) return { signal: controller.signal, release: () => {} }
  const end = () =>
    controller.abort(new ChatError('server-unreachable', `the chat server did not answer within ${ms} ms`))
  const timer = setTimeout(end, ms)
  return { signal: controller.signal, release: () => clearTimeout(timer) }
}

/** Callers over a limit are told at once: they know better if they want to wait. */
const mayHelpNow = (error: unknown): error is ChatError => isTransient(error) && error.code !== 'rate-limited'
