/** Creates the client: checks the options and composes the parts. */
import { AUTHENTICATION_REQUEST_LIMITS, ChatError } from '@chat-widget/protocol'
import { createAuthentication, type Tuning } from './authentication.ts'
import type {
  AuthenticationClient,
  AuthenticationClientOptions,
  Logger,
} from './authentication-client-api.ts'
import { fullJitter } from './full-jitter.ts'
import { createHttpApi } from './http-api.ts'
import { readText, refuseUnknown } from './request-input.ts'
import { createVerifier } from './verify-decision.ts'

const TUNING: Tuning = {
  sliceSeconds: 25,
  leastMs: 2_000,
  retryDelay: fullJitter,
  failuresWhileWaiting: 10,
  tries: 3,
}

export function createAuthenticationClient(options: AuthenticationClientOptions): AuthenticationClient {
  return createTunedClient(options, {})
}

/** With other time limits, for tests. */
export function createTunedClient(
  options: AuthenticationClientOptions,
  tuning: Partial<Tuning>,
): AuthenticationClient {
  if (typeof options !== 'object' || options === null) throw new TypeError('options: { server } is needed')
  const { logger = console, fetch = globalThis.fetch, ...texts } = options
  const { server: address, app: asking, apiKey: key, applicationTitle: title, issuer: iss, ...rest } = texts
  refuseUnknown('options', rest)
  const server = readServer(address)
  const app = readText('app', asking, 100) ?? null
  const apiKey = readText('apiKey', key, 1_000)?.trim() ?? null
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new TypeError('apiKey: printable ASCII without spaces is needed')
  if (apiKey !== null && isPage())
    throw new TypeError('apiKey: whoever opens the page could read it; ask through a server of your own')
  const applicationTitle = readText('applicationTitle', title, AUTHENTICATION_REQUEST_LIMITS.titleLength)
  const issuer = readText('issuer', iss, 2_000)?.replace(/\/$/, '') ?? server
  if (typeof fetch !== 'function') throw new TypeError('fetch: a function is needed')
  for (const level of ['info', 'warn', 'error'] as const)
    if (typeof logger?.[level] !== 'function')
      throw new TypeError('logger: an object with info, warn and error is needed')
  // Called as a plain function: a browser's `fetch` throws when called as a method.
  const request: typeof globalThis.fetch = (input, init) => fetch(input, init)

  const closing = new AbortController()
  const signal = closing.signal
  const authentication = createAuthentication({
    server,
    app,
    applicationTitle: applicationTitle ?? app ?? new URL(server).host,
    hasKey: apiKey !== null,
    api: createHttpApi({ server, app, apiKey, fetch: request }),
    verify: createVerifier({ server, issuer, app, fetch: request, signal }),
    logger: calm(logger),
    tuning: { ...TUNING, ...tuning },
    closing: signal,
  })
  return {
    logger,
    authentication: () => authentication,
    close: () => closing.abort(new ChatError('closed', 'the authentication client was closed')),
  }
}

/** Returns origin and path; refuses a query, a fragment or credentials, which would be dropped silently. */
function readServer(server: unknown): string {
  const url = typeof server === 'string' && URL.canParse(server) ? new URL(server) : null
  const isAddress = url !== null && url.href === url.origin + url.pathname && /^https?:$/.test(url.protocol)
  if (!isAddress)
    throw new TypeError('server: the address of the server is needed, e.g. https://chat.example.com')
  return url.href.replace(/\/+$/, '')
}

const isPage = () => typeof window !== 'undefined' && typeof window.document !== 'undefined'

/** Ignores errors thrown by the logger. */
function calm(logger: Logger): Logger {
  const attempt =
    (level: keyof Logger) =>
    (...data: unknown[]) => {
      try {
        logger[level](...data)
      } catch {
        // The error cannot be reported anywhere else.
      }
    }
  return { info: attempt('info'), warn: attempt('warn'), error: attempt('error') }
}
