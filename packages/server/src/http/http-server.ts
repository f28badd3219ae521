/** The HTTP side of the server: files, sign-in, REST, health. Socket.IO is attached to the same listener. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ChatError, LIMITS } from '@chat-widget/protocol'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import type { SingleSignOn } from '../agents/single-sign-on/single-sign-on.ts'
import type { AuthenticationRequestService } from '../authentication-requests/authentication-request-service.ts'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import type { Files } from '../files/create-files.ts'
import type { NodeCounters } from '../limits/node-counters.ts'
import { withoutBasePath } from '../network/base-path.ts'
import { DEFAULT_TRUSTED_PROXIES, networkOf } from '../network/client-address.ts'
import type { PersonService } from '../persons/person-service.ts'
import type { Realtime } from '../realtime/realtime.ts'
import { createRefusals, type Refusals } from '../telemetry/refusals.ts'
import { registerAddressees } from './addressee-routes.ts'
import { createKeyLimits } from './api-key.ts'
import { registerAuthenticationRequests } from './authentication-request-routes.ts'
import { distOf } from './built-files.ts'
import { registerConsoleSession } from './console-session.ts'
import { registerErrors, sendFrameworkError } from './errors.ts'
import { registerFileRoutes } from './file-routes.ts'
import { type HealthOptions, registerHealth } from './health.ts'
import type { HttpLimits } from './http-limits.ts'
import { findReleases, type KeptFilesOptions } from './kept-files.ts'
import { DEFAULT_LONG_ANSWER, type LongAnswerTuning } from './long-answer.ts'
import { registerOpenApi } from './openapi.ts'
import { registerPageFiles } from './page-files.ts'
import { registerPersons } from './person-routes.ts'
import { createReaderOf, type ReaderOfOptions } from './reader-of.ts'
import { registerRest } from './rest-routes.ts'
import { NO_COMPILERS, setCompilers } from './schema-compilers.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { registerSingleSignOn } from './single-sign-on-routes.ts'
import { registerTranscripts } from './transcript-routes.ts'
import { registerUploads } from './upload-routes.ts'
import { registerWidgetFiles, WIDGET_SCRIPTS, widgetVersion } from './widget-files.ts'

const MINUTE = 60_000

interface RequestTimes {
  /** Time for a request to arrive whole; Fastify's default is no limit. */
  readonly requestTimeoutMs: number
  /** Interval at which Node checks for late requests: its default, 30 s, would double the time. Milliseconds. */
  readonly checkMs: number
}

const DEFAULT_REQUEST_TIMES: RequestTimes = { requestTimeoutMs: 30_000, checkMs: 1_000 }

export interface HttpRoutesOptions {
  readonly apps: readonly AppConfig[]
  readonly agents: AgentAccounts
  readonly singleSignOn: SingleSignOn
  /** Default: its own, which nobody reads. */
  readonly refusals?: Pick<Refusals, 'count'>
  /** Counts what other nodes allowed, too. Default: there are none. */
  readonly counters?: NodeCounters | undefined
  readonly conversations: ConversationService
  readonly persons: PersonService
  readonly files: Pick<Files, 'service' | 'store'> & Pick<ReaderOfOptions, 'sessionOf'>
  readonly authenticationRequests: AuthenticationRequestService
  /** The app of authentication requests at the path without an app. Default: the first. */
  readonly defaultApp?: AppConfig['id'] | undefined
  readonly longAnswer?: LongAnswerTuning | undefined
  readonly storage: HealthOptions['storage']
  readonly stats: Realtime['stats']
  readonly registerMetrics: HealthOptions['registerMetrics']
  readonly isDraining: () => boolean
  readonly version: string
  /** The path below which everything answers. Default: none. */
  readonly basePath?: string
  /** Address at which others reach the server, for the OpenAPI document. */
  readonly publicUrl?: string | undefined
  readonly limits: HttpLimits
  /** Folder in which built files of earlier releases are kept, if it exists. */
  readonly dataDir?: string | undefined
  /** Built files of the widget. Default: `dist` of `@chat-widget/widget`. */
  readonly widgetDir?: string | undefined
  /** Built files of the console. Default: `dist` of `@chat-widget/console`. */
  readonly consoleDir?: string | undefined
  /** Built files of the authenticator. Default: `dist` of `@chat-widget/authenticator`. */
  readonly authenticatorDir?: string | undefined
}

export interface HttpServerOptions {
  /** Proxies whose forwarded addresses are trusted, for limits per address. */
  readonly trustedProxies?: readonly string[] | undefined
  /** The path below which everything answers, e.g. `/chat`. Default: none. */
  readonly basePath?: string
  readonly times?: RequestTimes
  /** Default: its own, which nobody reads. */
  readonly refusals?: Pick<Refusals, 'count'>
}

/** Creates the listener (`server`) at once, so that realtime can be attached before there are routes. */
export function createHttpServer(
  logger: FastifyBaseLogger,
  { trustedProxies, basePath = '', times, refusals }: HttpServerOptions = {},
): FastifyInstance {
  const { requestTimeoutMs, checkMs } = times ?? DEFAULT_REQUEST_TIMES
  const http: FastifyInstance = fastify({
    loggerInstance: logger,
    bodyLimit: LIMITS.payloadBytes,
    requestTimeout: requestTimeoutMs,
    http: { connectionsCheckingInterval: checkMs, headersTimeout: requestTimeoutMs },
    // Fastify's own request log contains the URL with its query.
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: ({ url = '/' }) => withoutSlashAtEnd(withoutBasePath(url, basePath)),
    schemaController: NO_COMPILERS,
    // An address that cannot be routed, e.g. with half a percent sign; without it, Fastify's own words.
    frameworkErrors: (error, _request, reply) => sendFrameworkError(error, reply),
    trustProxy: [...(trustedProxies ?? DEFAULT_TRUSTED_PROXIES)],
  })
  // Bodies are JSON; anything else is 415.
  http.removeContentTypeParser(['text/plain', 'application/json'])
  const parseJson = http.getDefaultJsonParser('error', 'error')
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many HTTP clients send the content type also without a body.
    if (body === '') done(null, undefined)
    else parseJson(request, String(body), done)
  })
  setCompilers(http)
  registerErrors(http, refusals ?? createRefusals(logger))
  registerSecurityHeaders(http)
  return http
}

/** Registers the built files of widget and pages, and those of earlier releases. */
async function registerFiles(http: FastifyInstance, options: HttpRoutesOptions): Promise<void> {
  const { basePath = '', dataDir } = options
  let keeping = Promise.resolve()
  const keep = async (name: string, root: string, entries?: KeptFilesOptions['entries']) => {
    if (dataDir === undefined || !existsSync(dataDir)) return []
    const warn = (error: unknown) => http.log.warn({ err: error }, `the ${name}'s files are not kept`)
    const releases = await findReleases({ root, entries, folder: join(dataDir, 'releases', name), warn })
    // After the start, which would take a fifth longer.
    http.addHook('onListen', async () => {
      keeping = keeping.then(releases.keep)
    })
    return releases.before
  }
  const widget = options.widgetDir ?? distOf('@chat-widget/widget')
  const version = widgetVersion(widget)
  const scripts = version === undefined ? undefined : { version, names: WIDGET_SCRIPTS }
  registerWidgetFiles(http, widget, await keep('widget', widget, scripts))
  const pages = { console: options.consoleDir, authenticator: options.authenticatorDir }
  for (const name of ['console', 'authenticator'] as const) {
    const root = pages[name] ?? distOf(`@chat-widget/${name}`)
    registerPageFiles(http, { name, basePath, root, kept: await keep(name, root) })
  }
  http.addHook('onClose', () => keeping)
}

/** Removes slashes at the end of a path of the interfaces for programs; a page's own URL may need its slash. */
function withoutSlashAtEnd(url: string): string {
  if (!url.startsWith('/v1/')) return url
  const [path = '', ...query] = url.split('?')
  // A loop: a regular expression takes time quadratic in the number of slashes, before any limit is checked.
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return [path.slice(0, end), ...query].join('?')
}

export async function registerRoutes(http: FastifyInstance, options: HttpRoutesOptions): Promise<void> {
  const { basePath = '', limits } = options
  await http.register(cookie)
  await http.register(rateLimit, {
    global: false,
    keyGenerator: ({ ip }) => networkOf(ip),
    errorResponseBuilder: (_request, { ttl }) =>
      new ChatError('rate-limited', 'too many requests; try again later', { retryAfterMs: ttl }),
  })
  // Sends files on demand; each route names its folder.
  await http.register(fastifyStatic, {
    serve: false,
    preCompressed: true,
    cacheControl: false,
    index: false,
    dotfiles: 'ignore',
  })
  // Closes kept-alive connections after their answer, as they would hold the listener open.
  http.addHook('onSend', async (_request, reply) => {
    if (options.isDraining()) reply.header('connection', 'close')
  })
  registerOpenApi(http, { version: options.version, server: options.publicUrl })
  registerHealth(http, { ...options, ...limits })
  await registerFiles(http, options)
  const { agents, singleSignOn } = options
  const signInRate = { max: limits.signInsPerMinute, timeWindow: MINUTE }
  registerConsoleSession(http, {
    ...{ agents, singleSignOn, basePath },
    counters: options.counters,
    rateLimit: signInRate,
  })
  const refusals = options.refusals ?? createRefusals(http.log)
  registerSingleSignOn(http, { singleSignOn, basePath, rateLimit: signInRate, refusals })
  const restRate = { max: limits.restRequestsPerMinute, timeWindow: MINUTE }
  const keys = createKeyLimits(options.apps)
  registerPersons(http, { keys, persons: options.persons, rateLimit: restRate })
  registerRest(http, { keys, conversations: options.conversations, rateLimit: restRate })
  const { service: files, store, sessionOf } = options.files
  const fileRate = { max: limits.fileRequestsPerMinute, timeWindow: MINUTE }
  registerUploads(http, { apps: options.apps, files, store, rateLimit: fileRate })
  const { apps, conversations } = options
  const readerOf = createReaderOf({ apps, agents, sessionOf })
  registerFileRoutes(http, { apps, keys, conversations, files, readerOf, rateLimit: fileRate })
  registerTranscripts(http, { apps, conversations, readerOf })
  registerAddressees(http, {
    keys,
    operators: options.authenticationRequests.operators,
    rateLimit: restRate,
  })
  registerAuthenticationRequests(http, {
    apps: options.apps,
    defaultApp: options.defaultApp,
    requests: options.authenticationRequests,
    rateLimit: restRate,
    longAnswer: options.longAnswer ?? DEFAULT_LONG_ANSWER,
  })
}
