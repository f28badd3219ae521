/** Composes storage, realtime and HTTP into one chat server, for the command and for embedding applications. */
import { lookup } from 'node:dns/promises'
import { isDeepStrictEqual } from 'node:util'
import { type AppId, LIMITS, RELEASE } from '@chat-widget/protocol'
import { type Logger, pino } from 'pino'
import { type AgentAccounts, createAgentAccounts } from './agents/agent-accounts.ts'
import { createSingleSignOn } from './agents/single-sign-on/single-sign-on.ts'
import type {
  AuthenticationRequestProvider,
  AuthenticationRequests,
} from './authentication-requests/authentication-requests.ts'
import { createAuthenticator } from './authentication-requests/authenticator/create-authenticator.ts'
import { createAuthenticationRequests } from './authentication-requests/create-authentication-requests.ts'
import { createForwardingProvider } from './authentication-requests/forwarding-provider.ts'
import { createMailDelivery } from './authentication-requests/mail-delivery.ts'
import { createRequestMetrics } from './authentication-requests/request-metrics.ts'
import { DEFAULT_KEEP_DAYS } from './authentication-requests/request-upkeep.ts'
import { type AppOptions, type ChatServerOptions, checkOptions } from './chat-server-options.ts'
import { DEFAULT_REQUEST_LIMITS } from './config/authentication-request-limits.ts'
import type { AppConfig, ServerConfig } from './config/config.ts'
import { ConfigurationError } from './config/configuration-error.ts'
import { createLiveApps } from './config/live-apps.ts'
import { checkSignIn } from './config/load-config.ts'
import type { ConversationService } from './conversations/conversation-service.ts'
import { createFiles } from './files/create-files.ts'
import { registerApprovalPage } from './http/approval-page/approval-page.ts'
import { DEFAULT_HTTP_LIMITS } from './http/http-limits.ts'
import { createHttpServer, registerRoutes } from './http/http-server.ts'
import { registerUnsubscribePage } from './http/unsubscribe-page.ts'
import type { ContextVerifier } from './identity/context-verifier.ts'
import { createFunctionVerifier, type VerifyContext } from './identity/function-verifier.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import { type NodeCounters, noCounters } from './limits/node-counters.ts'
import { composeMail } from './mail/compose-mail.ts'
import { basePathOf } from './network/base-path.ts'
import { createPersonService, type PersonService } from './persons/person-service.ts'
import type { Broker } from './realtime/broker/broker.ts'
import { connectBroker } from './realtime/broker/connect-broker.ts'
import { attachRealtime } from './realtime/realtime.ts'
import { openStorage } from './storage/open-storage.ts'
import { createSlowStatementLog } from './storage/slow-statements.ts'
import type { Storage } from './storage/storage.ts'
import { createTelemetry } from './telemetry/telemetry.ts'
import { DEFAULT_LANGUAGE } from './text/language.ts'
import { createUnsubscribing } from './unread-mail/unsubscribing.ts'
import { conversationPurges } from './upkeep/conversation-purges.ts'
import { createUpkeep, upkeepJob } from './upkeep/upkeep.ts'
import { within } from './within.ts'

export interface ChatServer {
  /** Starts to listen. Resolves with the address, e.g. `http://127.0.0.1:8080`; rejects if the port is busy. */
  listen(): Promise<string>
  /** `null` until it listens. */
  readonly address: string | null
  readonly agents: AgentAccounts
  readonly conversations: ConversationService
  readonly authenticationRequests: AuthenticationRequests
  /** Export and erasure of what is kept of a user. */
  readonly users: PersonService
  /**
   * Replaces apps, origins, keys and secrets. Throws `ConfigurationError` and changes nothing if they are invalid, or
   * if a `verifyContext` or an `authenticationRequests.provider` was not there at the start.
   */
  setApps(apps: readonly AppOptions[]): void
  /** Replaces how agents sign in to the console. Throws `ConfigurationError` and changes nothing if it is invalid. */
  setSignIn(signIn: ChatServerOptions['signIn']): void
  /**
   * Drains: `/readyz` fails, devices are told to come back later, running requests finish (10 s at most), the database
   * is closed. Idempotent: returns the same promise.
   */
  close(): Promise<void>
}

/** Connections that may wait to be accepted, if the operating system allows so many; one more waits for a second. */
const MOST_UNACCEPTED = 4_096
/** Time that running requests have after `close()`. Milliseconds. */
const DRAIN_MS = 10_000
/** Further time for the rest to end, and for the database to be closed. Milliseconds. */
const CLOSE_MS = 2_000

/** Opens the database. Rejects with `ConfigurationError` for bad options, else with the database's error. */
export async function createChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const config = checkOptions(options)
  const logger = options.logger ?? pino({ level: 'silent' })
  const storage = await openStorage({
    ...config,
    log: createSlowStatementLog(logger),
    onUpdate: (migrations) => logger.info({ migrations }, 'the database is brought up to date'),
  })
  let broker: Broker | null = null
  let counters = noCounters
  try {
    broker = await connectBroker({ config, serverKeys: storage.serverKeys, logger })
    if (config.databaseUrl !== undefined) {
      // Loaded here: a server on SQLite is alone, and counts in memory.
      const { connectCounters } = await import('./limits/stored-counters.ts')
      const { databaseUrl, redisUrl } = config
      counters = await connectCounters({ databaseUrl, redisUrl, serverKeys: storage.serverKeys, logger })
    }
    return await compose(config, { storage, broker, counters, logger }, options)
  } catch (error) {
    await counters.close()
    await broker?.close()
    await storage.close()
    throw error
  }
}

interface Opened {
  readonly storage: Storage
  readonly broker: Broker | null
  readonly counters: NodeCounters
  readonly logger: Logger
}

async function compose(
  checked: ServerConfig,
  { storage, broker, counters, logger }: Opened,
  options: ChatServerOptions,
): Promise<ChatServer> {
  const apps = createLiveApps(checked.apps)
  const config = { ...checked, apps: apps.list }
  const basePath = basePathOf(config.publicUrl)
  const telemetry = createTelemetry(
    logger,
    options.tracesMessages === true ? await startTracing(logger) : null,
  )
  const { refusals } = telemetry
  const http = createHttpServer(logger, { trustedProxies: config.trustedProxies, basePath, refusals })
  const agents = createAgentAccounts({ storage })
  const mail = await composeMail(config, logger)
  let draining = false
  let address: string | null = null
  let closing: Promise<void> | undefined

  const appName = (id: AppId) => apps.byId.get(id)?.name ?? id
  const metrics = createRequestMetrics(apps.byId)
  const requestsOf = (id: AppId) => apps.byId.get(id)?.authenticationRequests
  const publicUrl = () => {
    const url = config.publicUrl ?? address
    if (url === null) throw new Error('the server has no address before it listens')
    return url
  }
  const singleSignOn = createSingleSignOn({ config: config.signIn, storage, accounts: agents, publicUrl })
  const jobs = createJobQueue({ jobs: storage.jobs, logger })
  const requests = await createAuthenticationRequests({
    ...{ storage, jobs },
    delivery:
      options.delivery ??
      createMailDelivery({
        sender: mail.sender,
        appName,
        language: (id) => apps.byId.get(id)?.locale ?? DEFAULT_LANGUAGE,
      }),
    publicUrl,
    providers: providersOf(config.apps),
    limitsOf: (id) => requestsOf(id)?.limits ?? DEFAULT_REQUEST_LIMITS,
    keepDaysOf: (id) => requestsOf(id)?.keepDays ?? DEFAULT_KEEP_DAYS,
    ...{ observer: metrics.observer, counters },
    lookAgainMs: broker === null ? undefined : LIMITS.headIntervalMs,
    logger,
  })
  const verifiers = verifiersOf(options.apps)
  const authenticator = createAuthenticator({
    people: storage.authenticators,
    requests,
    apps: apps.byId,
    counters,
  })
  const files = await createFiles({ config, apps: apps.byId, storage, logger })
  const persons = createPersonService({ storage, jobs })
  const ofConversations = () => conversationPurges({ storage, apps: config.apps })
  const morePurges = async () => [...(await requests.purges()), files.purge(), ...ofConversations()]
  jobs.handle('upkeep', createUpkeep({ storage, more: morePurges, logger }))
  const unsubscribing = await createUnsubscribing({ mails: storage.unreadMails, keys: storage.serverKeys })
  const realtime = attachRealtime({
    unreadMail: { sender: mail.sender, unsubscribing, publicUrl },
    httpServer: http.server,
    files: files.service,
    fileStore: files.store,
    ...{ config, apps, storage, jobs, agents, requests, authenticator, broker, counters, logger, verifiers },
    telemetry,
  })
  // Sockets close before the listener, which would wait for them.
  http.addHook('preClose', () => realtime.close())
  // Waiting callers are answered now, instead of being cut off at the end of the drain.
  http.addHook('preClose', () => requests.close())
  try {
    await registerRoutes(http, {
      apps: config.apps,
      ...{ agents, singleSignOn, refusals, counters },
      conversations: realtime.conversations,
      persons,
      files: { ...files, sessionOf: realtime.sessionOf },
      authenticationRequests: requests,
      defaultApp: config.defaultApp,
      storage,
      stats: () => realtime.stats(),
      registerMetrics(registry) {
        metrics.register(registry, requests, storage)
        telemetry.apps.register(registry, () => realtime.stats().visitorSocketsOf)
        refusals.register(registry)
      },
      isDraining: () => draining,
      version: RELEASE,
      basePath,
      publicUrl: config.publicUrl,
      limits: { ...DEFAULT_HTTP_LIMITS, ...options.limits },
      dataDir: config.dataDir,
      widgetDir: options.widgetDir,
      consoleDir: options.consoleDir,
      authenticatorDir: options.authenticatorDir,
    })
    registerApprovalPage(http, {
      requests,
      appName,
      basePath,
      defaultLocale: DEFAULT_LANGUAGE,
    })
    registerUnsubscribePage(http, {
      ...{ unsubscribing, appName, basePath },
      appLanguage: (app) => apps.byId.get(app)?.locale,
    })
    mail.registerRoutes(http)
    if (config.dev) {
      const { registerDevPage } = await import('./http/dev-page.ts')
      registerDevPage(http, config)
    }
    await http.ready()
  } catch (error) {
    await realtime.close()
    await requests.close()
    throw error
  }

  const forwarded = new Map(config.apps.map((app) => [app.id, app.authenticationRequests?.provider]))
  const verifiedBy = new Map(options.apps.map((app) => [app.id, app.verifyContext]))
  /** Refuses to change parts that are made once: requests would be mailed, and contexts verified, in another way. */
  function checkFixed(key: string, { id, authenticationRequests }: AppConfig, verify?: VerifyContext) {
    const problem = 'takes effect at the next start'
    if (!isDeepStrictEqual(forwarded.get(id), authenticationRequests?.provider))
      throw new ConfigurationError(`${key}.authenticationRequests.provider`, problem)
    if (verifiedBy.get(id) !== verify) throw new ConfigurationError(`${key}.verifyContext`, problem)
  }

  const drain = async () => {
    draining = true
    const late = setTimeout(() => http.server.closeAllConnections(), DRAIN_MS)
    try {
      // A silent database must not keep the process running: work that waits for it is stored, or nobody was told that
      // it is.
      await within(http.close(), DRAIN_MS + CLOSE_MS)
    } finally {
      clearTimeout(late)
      if (broker !== null) await within(broker.close(), CLOSE_MS)
      await within(counters.close(), CLOSE_MS)
      files.store.close()
      await telemetry.tracing?.close()
      await within(storage.close(), CLOSE_MS)
    }
  }

  return {
    async listen() {
      // For a name, Fastify would open a second listener that realtime is not attached to.
      const host = config.host === 'localhost' ? (await lookup('localhost')).address : config.host
      address = await http.listen({ host, port: config.port, backlog: MOST_UNACCEPTED })
      await storage.jobs.add([upkeepJob(Date.now())])
      jobs.start()
      return address
    },
    get address() {
      return address
    },
    agents,
    conversations: realtime.conversations,
    authenticationRequests: requests,
    users: persons,
    setApps(next) {
      // The default app takes effect at the next start: if it is removed until then, requests that name no app find
      // none.
      const { defaultApp: _, signIn: _signIn, ...rest } = options
      const checked = checkOptions({ ...rest, apps: next }).apps
      for (const [index, app] of checked.entries())
        checkFixed(`apps[${index}]`, app, next[index]?.verifyContext)
      apps.replace(checked)
    },
    setSignIn(next) {
      singleSignOn.replace(next === undefined ? undefined : checkSignIn(next, config))
    },
    close() {
      closing ??= drain()
      return closing
    },
  }
}

/** Loaded here: most servers send no traces, and it is large. */
async function startTracing(logger: Logger) {
  const { createOtelTracing } = await import('./telemetry/otel-tracing.ts')
  return createOtelTracing(logger)
}

function providersOf(apps: readonly AppConfig[]): ReadonlyMap<AppId, AuthenticationRequestProvider> {
  return new Map(
    apps.flatMap(({ id, authenticationRequests }) => {
      const forward = authenticationRequests?.provider
      return forward === undefined ? [] : [[id, createForwardingProvider(forward)] as const]
    }),
  )
}

function verifiersOf(apps: readonly AppOptions[]): ReadonlyMap<AppId, ContextVerifier> {
  return new Map(
    apps.flatMap(({ id, verifyContext }) =>
      verifyContext === undefined
        ? []
        : [[id as AppId, createFunctionVerifier(verifyContext, { now: Date.now })] as const],
    ),
  )
}
