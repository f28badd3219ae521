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

export interface HttpApi {
  /** Makes the request or attaches to it. `secret` is there for whoever made it. */
  ask(
    body: AuthenticationRequestBody,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<{ readonly answer: AuthenticationRequestAnswer; readonly secret: string | null }>
  /** By the key, else by the creator's secret. */
  read(cid: string, secret: string | null, signal: AbortSignal): Promise<AuthenticationRequestAnswer>
  cancel(cid: string, secret: string | null, signal: AbortSignal): Promise<AuthenticationRequestAnswer>
  events(after: string, waitSeconds: number, signal: AbortSignal): Promise<AuthenticationRequestEvents>
}

/** How much longer than its wait a call may take, before the connection counts as dead. */
const SLACK_MS = 15_000

/** Whether the same call may succeed later. */
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

export function createHttpApi(options: HttpApiOptions): HttpApi {
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
      readonly secret?: string | null
      readonly body?: AuthenticationRequestBody
      readonly waitSeconds?: number
    },
    signal: AbortSignal,
  ): Promise<{ readonly json: unknown; readonly headers: Headers }> => {
    const { secret = null, body, waitSeconds = 0 } = request
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...authorization(secret),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect would carry the question, or the answer, somewhere else.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    }
    return withDeadline(waitSeconds * 1000 + SLACK_MS, signal, async (limited) => {
      const response = await options.fetch(server + path, { ...init, signal: limited })
      // White space before the JSON holds a wait open; the parser skips it.
      const text = await response.text()
      if (!response.ok) throw toChatError(response, text)
      return { json: JSON.parse(text) as unknown, headers: response.headers }
    })
  }

  // The path as the SPEC has it: with the slash to make, without it to read.
  const one = (cid: string) => `${requests}${cid}`

  return {
    async ask(body, waitSeconds, signal) {
      const cid = body.authentication_request_id ?? ''
      const asked = { ...body, wait_for_response: waitSeconds }
      const { json, headers } = await call('POST', requests, { body: asked, waitSeconds }, signal)
      return { answer: readAnswer(json, cid), secret: headers.get(CREATOR_SECRET_HEADER) }
    },
    async read(cid, secret, signal) {
      return readAnswer((await call('GET', one(cid), { secret }, signal)).json, cid)
    },
    async cancel(cid, secret, signal) {
      return readAnswer((await call('POST', `${one(cid)}/cancel`, { secret }, signal)).json, cid)
    },
    async events(after, waitSeconds, signal) {
      const query = new URLSearchParams({ after, wait: String(waitSeconds) })
      const path = `${ofApp}/authentication-request-events?${query}`
      return readEvents((await call('GET', path, { waitSeconds }, signal)).json)
    },
  }
}

/** Runs a call that ends after `ms` or with the signal; what is no `ChatError` yet becomes one. */
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
  // Whatever the body says, these are for another try.
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

/** Seconds, or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Something in between answered for the server, or it is broken: for another try. */
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
  for (const event of page.events as readonly {
    readonly authentication_request_id?: unknown
    cursor?: unknown
  }[])
    if (typeof event?.authentication_request_id !== 'string' || typeof event.cursor !== 'string')
      throw malformed('an event has no id or no cursor')
  return page as AuthenticationRequestEvents
}
