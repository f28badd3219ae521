/** The server's HTTP interface for authentication requests: one method per call, and every failure a `ChatError`. */
import {
  type AuthenticationRequestAnswer,
  type AuthenticationRequestBody,
  type AuthenticationRequestEvents,
  ChatError,
  CREATOR_SECRET_HEADER,
  type ErrorCode,
} from '@chat-widget/protocol'
import { onAbort } from './abort-signals.ts'

export interface HttpApiOptions {
  readonly server: string
  readonly app: string | null
  readonly apiKey: string | null
  readonly fetch: typeof globalThis.fetch
}

/** Time beyond its wait after which a call's connection counts as dead. */
const SLACK_MS = 15_000

/** True if the same call may succeed later. */
export function isTransient(error: unknown): error is ChatError {
  if (!(error instanceof ChatError)) return false
  switch (error.code) {
    case 'server-unreachable':
    case 'unavailable':
    case 'internal':
    case 'rate-limited':
      return true
    default:
      return false
  }
}

export type HttpApi = ReturnType<typeof createHttpApi>

export function createHttpApi(options: HttpApiOptions) {
  const { server, app, apiKey } = options
  const ofApp = app === null ? '/v1' : `/v1/apps/${encodeURIComponent(app)}`
  const requests = `${ofApp}/authentication-request/`

  const authorization = (secret: string | null): Record<string, string> => {
    if (apiKey !== null) return { authorization: `Token ${apiKey}` }
    return secret === null ? {} : { authorization: `Secret ${secret}` }
  }

  const call = async (
    method: 'GET' | 'POST',
    path: string,
    request: {
      /** Secret of a request, for callers without a key. */
      readonly secret?: string | null
      /** Secret of a request that is to be made. */
      readonly newSecret?: string
      readonly body?: Partial<AuthenticationRequestBody>
      readonly waitSeconds?: number
    },
    signal: AbortSignal,
  ): Promise<unknown> => {
    const { secret = null, newSecret, body, waitSeconds = 0 } = request
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(newSecret === undefined ? {} : { [CREATOR_SECRET_HEADER]: newSecret }),
        ...authorization(secret),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect would send the request, or its answer, elsewhere.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    }
    return withDeadline(waitSeconds * 1000 + SLACK_MS, signal, async (limited) => {
      const response = await options.fetch(server + path, { ...init, signal: limited })
      // White space before the JSON keeps a wait open; the parser skips it.
      const text = await response.text()
      if (!response.ok) throw toChatError(response, text)
      return JSON.parse(text) as unknown
    })
  }

  const post = async (body: Partial<AuthenticationRequestBody>, signal: AbortSignal, newSecret?: string) => {
    const { authentication_request_id: cid = '', wait_for_response: waitSeconds = 0 } = body
    const given = newSecret === undefined ? {} : { newSecret }
    return readAnswer(await call('POST', requests, { body, waitSeconds, ...given }, signal), cid)
  }

  return {
    /** Makes the request, to which `secret` gives access from then on, or attaches to it. */
    ask: (
      body: AuthenticationRequestBody,
      secret: string,
      signal: AbortSignal,
    ): Promise<AuthenticationRequestAnswer> => post({ ...body, wait_for_response: 0 }, signal, secret),
    /** The state of an existing request, after up to `waitSeconds`; makes none. */
    state: (cid: string, waitSeconds: number, signal: AbortSignal): Promise<AuthenticationRequestAnswer> =>
      post({ authentication_request_id: cid, wait_for_response: waitSeconds }, signal),
    /** Authorised by the key, else by the secret. */
    async cancel(
      cid: string,
      secret: string | null,
      signal: AbortSignal,
    ): Promise<AuthenticationRequestAnswer> {
      return readAnswer(await call('POST', `${requests}${cid}/cancel`, { secret }, signal), cid)
    },
    /** Outcomes after a cursor, or of the last `agoMs` milliseconds. */
    async events(
      from: { readonly after: string } | { readonly agoMs: number },
      waitSeconds: number,
      signal: AbortSignal,
    ): Promise<AuthenticationRequestEvents> {
      const place = 'after' in from ? { after: from.after } : { ago: String(from.agoMs) }
      const query = new URLSearchParams({ ...place, wait: String(waitSeconds) })
      const path = `${ofApp}/authentication-request-events?${query}`
      return readEvents(await call('GET', path, { waitSeconds }, signal))
    },
  }
}

/** Runs a call that ends after `ms` or with the signal; turns any other error into a `ChatError`. */
async function withDeadline<Value>(
  ms: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted()
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${ms} ms`)), ms)
  const forget = onAbort(signal, () => limit.abort(signal.reason))
  try {
    return await run(limit.signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ChatError) throw error
    if (error instanceof SyntaxError) throw malformed('it is no JSON', error)
    throw new ChatError('server-unreachable', 'the chat server could not be reached, or hung up', {
      cause: error,
    })
  } finally {
    clearTimeout(timer)
    forget()
  }
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  403: 'unauthenticated',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  429: 'rate-limited',
}

function toChatError(response: Response, text: string): ChatError {
  const { status, headers } = response
  // These statuses are worth a retry, whatever the body says.
  const isLater = status >= 500 || status === 408 || status === 425
  const code = isLater ? 'unavailable' : (CODES[status] ?? 'bad-request')
  const retryAfterMs = readRetryAfter(headers.get('retry-after'))
  return new ChatError(code, messageOf(text) ?? `the chat server answered ${status}`, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function messageOf(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly message?: unknown } }
    return typeof error?.message === 'string' ? error.message : undefined
  } catch {
    return undefined
  }
}

/** Parses seconds, or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** A proxy answered for the server, or the server is broken: worth a retry. */
const malformed = (what: string, cause?: unknown) =>
  new ChatError('unavailable', `the answer is not the chat server's: ${what}`, { cause })

function readAnswer(json: unknown, cid: string): AuthenticationRequestAnswer {
  const answer = json as Partial<AuthenticationRequestAnswer> | null
  if (typeof answer !== 'object' || typeof answer?.authentication_request_status !== 'string')
    throw malformed('it has no status')
  const { authentication_request_id: id } = answer
  if (typeof id !== 'string' || id.toLowerCase() !== cid) throw malformed('it is of another request')
  return answer as AuthenticationRequestAnswer
}

function readEvents(json: unknown): AuthenticationRequestEvents {
  const page = json as Partial<AuthenticationRequestEvents> | null
  if (typeof page !== 'object' || !Array.isArray(page?.events) || typeof page.cursor !== 'string')
    throw malformed('it has no events')
  if (!isTime(page.server_time)) throw malformed('it does not say when it was made')
  for (const event of page.events as readonly Partial<AuthenticationRequestEvents['events'][number]>[]) {
    if (typeof event?.authentication_request_id !== 'string' || typeof event.cursor !== 'string')
      throw malformed('an event has no id or no cursor')
    if (!isTime(event.ended_at)) throw malformed('an event does not say when it was')
  }
  return page as AuthenticationRequestEvents
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))
