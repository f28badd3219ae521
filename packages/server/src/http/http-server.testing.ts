/** An HTTP server over a real SQLite file, with conversations and built files made up for the test. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import {
  ChatError,
  type ClientMessageId,
  type ConversationId,
  type ConversationSummary,
  type Message,
  type MessageId,
} from '@chat-widget/protocol'
import { type Logger, pino } from 'pino'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { CHEAP_PASSWORDS } from '../agents/cheap-passwords.testing.ts'
import { createSingleSignOn } from '../agents/single-sign-on/single-sign-on.ts'
import type { RequestDelivery } from '../authentication-requests/authentication-requests.ts'
import { createAuthenticationRequests } from '../authentication-requests/create-authentication-requests.ts'
import { createRequestMetrics } from '../authentication-requests/request-metrics.ts'
import { createOutbox } from '../authentication-requests/requests.testing.ts'
import {
  type AuthenticationRequestLimits,
  DEFAULT_REQUEST_LIMITS,
} from '../config/authentication-request-limits.ts'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import { createFiles } from '../files/create-files.ts'
import { createJobQueue } from '../jobs/job-queue.ts'
import { contentOfBody } from '../kinds/index.ts'
import { createPersonService } from '../persons/person-service.ts'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import { openTestStorage, releaseTestStorage } from '../storage/test-storage.testing.ts'
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http-limits.ts'
import { createHttpServer, registerRoutes } from './http-server.ts'
import type { LongAnswerTuning } from './long-answer.ts'

export const KEYS = { shop: 'key-of-the-shop', other: 'key-of-the-other' } as const
const hash = (key: string) => createHash('sha256').update(key).digest('hex')

const app = (id: keyof typeof KEYS): AppConfig => ({
  id: id as unknown as AppConfig['id'],
  name: id,
  origins: ['http://localhost:*'],
  login: { methods: ['host'], continueAsGuest: true },
  actions: {},
  apiKeyHashes: [hash('an-older-key'), hash(KEYS[id])],
})

const { withoutKey, withKey } = DEFAULT_REQUEST_LIMITS
const plenty = { addresseeBurst: 1_000, addresseePerHour: 1_000, ipBurst: 10_000, appBurst: 10_000 }
const NO_LIMITS = {
  ...DEFAULT_REQUEST_LIMITS,
  withoutKey: { ...withoutKey, ...plenty },
  withKey: { ...withKey, ...plenty },
  addresseePerHour: 1_000,
}

/** The only conversation; it belongs to `shop`. */
export const CONVERSATION = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001' as ConversationId
/** A client id that was used with another body. */
export const REUSED = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a0ff' as ClientMessageId

export const WIDGET_SCRIPT = `console.info("widget");`.repeat(50)

export async function startHttp(
  options: {
    readonly limits?: Partial<HttpLimits>
    /** Requests per minute with the key `an-older-key`. */
    readonly ofOlderKey?: number
    /** Limits of authentication requests; `none`: more than any test makes. */
    readonly requestLimits?: AuthenticationRequestLimits | 'none'
    readonly delivery?: RequestDelivery
    readonly longAnswer?: LongAnswerTuning
    readonly logger?: Logger
    readonly built?: boolean
    /** The database is a file in `dataDir`, for tests that touch it. */
    readonly ownFile?: boolean
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'chat-http-'))
  const widgetDir = join(folder, 'widget')
  const consoleDir = join(folder, 'console')
  const authenticatorDir = join(folder, 'authenticator')
  if (options.built !== false) buildFiles(widgetDir, { consoleDir, authenticatorDir })
  const dataDir = join(folder, 'data')
  if (options.ownFile === true) await freshDatabase(dataDir)
  const storage = await (options.ownFile === true ? openStorage({ dataDir }) : openTestStorage(dataDir))
  const agents = createAgentAccounts({ storage, passwordCost: CHEAP_PASSWORDS })
  const singleSignOn = createSingleSignOn({
    ...{ config: undefined, storage, accounts: agents },
    publicUrl: () => 'https://chat.example.com',
    now: () => Date.now() + state.aheadMs,
  })
  const fake = createFakeConversations()
  const state = { draining: false, unheardNodes: 0, aheadMs: 0, ping: () => storage.ping() }
  const logger = options.logger ?? pino({ level: 'silent' })
  const http = createHttpServer(logger)
  const outbox = createOutbox()
  const { ofOlderKey } = options
  const rates = ofOlderKey === undefined ? {} : { apiKeyRates: { [hash('an-older-key')]: ofOlderKey } }
  const apps = [{ ...app('shop'), ...rates }, app('other')]
  const metrics = createRequestMetrics(new Set(apps.map(({ id }) => id)))
  const jobs = createJobQueue({ jobs: storage.jobs, logger })
  const requests = await createAuthenticationRequests({
    ...{ storage, jobs },
    delivery: options.delivery ?? outbox,
    publicUrl: () => 'https://chat.example.com',
    limitsOf: () =>
      options.requestLimits === 'none' ? NO_LIMITS : (options.requestLimits ?? DEFAULT_REQUEST_LIMITS),
    observer: metrics.observer,
    logger,
  })
  jobs.start()
  http.addHook('preClose', async () => {
    await requests.close()
    await jobs.close()
  })
  const files = await createFiles({
    config: { dataDir },
    apps: new Map(apps.map((one) => [one.id, one])),
    storage,
  })
  await registerRoutes(http, {
    apps,
    files: { ...files, sessionOf: () => Promise.reject(new Error('not for these tests')) },
    agents,
    singleSignOn,
    conversations: fake.service,
    persons: createPersonService({ storage, jobs: { wake: () => undefined } }),
    authenticationRequests: requests,
    longAnswer: options.longAnswer,
    storage: {
      ping: () => state.ping(),
      botDeliveries: { ...storage.botDeliveries, count: async () => 1 },
      jobs: { ...storage.jobs, count: async () => [{ kind: 'upkeep', pending: 1, failed: 2 }] },
    },
    stats: () => ({
      visitorSockets: 3,
      visitorSocketsOf: new Map(),
      agentSockets: 2,
      clients: new Map([['0.1.0', 5]]),
      isBrokerConnected: true,
      unheardNodes: state.unheardNodes,
      heldContextBytes: 0,
    }),
    registerMetrics: (registry) => metrics.register(registry, requests, storage),
    isDraining: () => state.draining,
    version: '1.2.3',
    limits: { ...DEFAULT_HTTP_LIMITS, ...options.limits },
    widgetDir,
    consoleDir,
    authenticatorDir,
  })
  await http.ready()
  return {
    http,
    agents,
    singleSignOn,
    requests,
    storage,
    /** Deliveries to the addressees of authentication requests. */
    outbox,
    dataDir,
    /** Number of deliveries that are neither done nor given up. */
    countOwed: async () =>
      (await storage.jobs.count()).find(({ kind }) => kind === 'request-delivery')?.pending ?? 0,
    state,
    posts: fake.posts,
    queries: fake.queries,
    failWith: fake.failWith,
    async stop() {
      await http.close()
      await storage.close()
      releaseTestStorage(dataDir)
      rmSync(folder, { recursive: true })
    },
  }
}

function buildFiles(
  widgetDir: string,
  pages: { readonly consoleDir: string; readonly authenticatorDir: string },
) {
  const { consoleDir, authenticatorDir } = pages
  const files = {
    [join(widgetDir, 'chat-widget.js')]: WIDGET_SCRIPT,
    [join(widgetDir, 'embed.js')]: WIDGET_SCRIPT,
    [join(widgetDir, 'chat-widget.manifest.json')]: '{}',
    [join(widgetDir, 'assets/panel-a1b2c3.js')]: WIDGET_SCRIPT,
    [join(consoleDir, 'index.html')]: '<!doctype html><title>Console</title>',
    [join(consoleDir, 'assets/main-d4e5f6.js')]: WIDGET_SCRIPT,
    [join(authenticatorDir, 'index.html')]: '<!doctype html><title>Authenticator</title>',
    [join(authenticatorDir, 'assets/main-a7b8c9.js')]: WIDGET_SCRIPT,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    writeFileSync(`${path}.br`, brotliCompressSync(text))
    writeFileSync(`${path}.gz`, gzipSync(text))
  }
  // Beside the served folders, where only a path traversal could reach it.
  writeFileSync(join(dirname(widgetDir), 'secret.txt'), 'secret')
}

function createFakeConversations() {
  const posts: Parameters<ConversationService['post' | 'edit']>[0][] = []
  const queries: unknown[] = []
  const failures: unknown[] = []
  const unused = () => Promise.reject(new Error('not for HTTP'))
  let handler: 'bot' | 'agents' = 'bot'
  let status: ConversationSummary['status'] = 'open'

  const summary = (): ConversationSummary => ({
    id: CONVERSATION,
    app: app('shop').id,
    status,
    handler,
    visitor: { verified: false },
    online: true,
    headSeq: 1,
    agentReadSeq: 0,
    visitorDeliveredSeq: 0,
    agentDeliveredSeq: 0,
    visitorReadSeq: 0,
    lastMessage: null,
    login: null,
    createdAt: new Date(0).toISOString(),
    updatedAt: new Date(0).toISOString(),
  })
  const message = (text: string, clientId: ClientMessageId): Message => ({
    kind: 'text',
    id: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a002' as MessageId,
    clientId,
    conversationId: CONVERSATION,
    seq: 1,
    author: { kind: 'agent' },
    createdAt: new Date(0).toISOString(),
    text,
  })
  const check = (id: ConversationId, appId?: string) => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    if (id !== CONVERSATION || (appId !== undefined && appId !== 'shop'))
      throw new ChatError('not-found', 'there is no such conversation')
  }

  const service: ConversationService = {
    sendAsVisitor: unused,
    sendAsAgent: unused,
    markRead: unused,
    markDelivered: unused,
    rate: unused,
    async post(request) {
      check(request.conversationId, request.app)
      if (request.clientId === REUSED) throw new ChatError('client-id-reused', 'used with another body')
      posts.push(request)
      const { text } = contentOfBody(request.body)
      return message(text, request.clientId ?? REUSED)
    },
    async start({ clientId = REUSED, body }) {
      const text = body === undefined ? '' : contentOfBody(body).text
      return { conversationId: CONVERSATION, message: message(text, clientId) }
    },
    async edit(request) {
      check(request.conversationId, request.app)
      posts.push(request)
      return { ...message(contentOfBody(request.body).text, REUSED), edited: true }
    },
    async remove(request) {
      check(request.conversationId, request.app)
      return { ...message('A message was deleted.', REUSED), deleted: true }
    },
    async find(id, appId) {
      check(id, appId)
      const { lastMessage: _last, visitor: _visitor, online: _online, login: _login, ...rest } = summary()
      return {
        ...rest,
        owner: { kind: 'visitor', id: '' as never },
        language: null,
        userIdentifier: null,
        method: null,
        createdAt: 0,
        updatedAt: 0,
      }
    },
    async summary() {
      return summary()
    },
    async list(query) {
      queries.push(query)
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      return { conversations: [summary()], cursor: 'next' }
    },
    async messages(query) {
      queries.push(query)
      return { messages: [message('hello', REUSED)], headSeq: 1 }
    },
    async close(id) {
      check(id)
      status = 'closed'
    },
    async setHandler(id, wanted) {
      check(id)
      handler = wanted
    },
  }
  return { service, posts, queries, failWith: (error: unknown) => failures.push(error) }
}
