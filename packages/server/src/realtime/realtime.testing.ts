/** The realtime part for tests: real sockets, a real database in a temporary folder, a company with a bot and an API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppId, Authenticated, LoginMethod } from '@chat-widget/protocol'
import { SignJWT } from 'jose'
import { type Logger, pino } from 'pino'
import { CONSOLE_COOKIE, createAgentAccounts } from '../agents/agent-accounts.ts'
import { CHEAP_PASSWORDS } from '../agents/cheap-passwords.testing.ts'
import { createAuthenticator } from '../authentication-requests/authenticator/create-authenticator.ts'
import type { AuthenticatorRates } from '../authentication-requests/authenticator/guess-limits.ts'
import { createAuthenticationRequests } from '../authentication-requests/create-authentication-requests.ts'
import { createOutbox } from '../authentication-requests/requests.testing.ts'
import {
  type AuthenticationRequestLimits,
  DEFAULT_REQUEST_LIMITS,
} from '../config/authentication-request-limits.ts'
import type {
  ActionConfig,
  AppConfig,
  ContextConfig,
  ContextStyle,
  DisplayConfig,
  ServerConfig,
} from '../config/config.ts'
import { createLiveApps } from '../config/live-apps.ts'
import type { MessageTracing } from '../conversations/message-tracing.ts'
import { createFiles } from '../files/create-files.ts'
import { createFunctionVerifier, type VerifyContext } from '../identity/function-verifier.ts'
import { createJobQueue, type JobTuning } from '../jobs/job-queue.ts'
import type { MailSender } from '../mail/mail-sender.ts'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { openTestStorage, releaseTestStorage } from '../storage/test-storage.testing.ts'
import { createTelemetry } from '../telemetry/telemetry.ts'
import { createUnsubscribing } from '../unread-mail/unsubscribing.ts'
import type { Broker } from './broker/broker.ts'
import { BOT_SECRET, type FakeCompany, startCompany } from './fake-company.testing.ts'
import { attachRealtime } from './realtime.ts'
import { openAgent, openVisitor, type TestDevice, type VisitorAuth } from './test-device.testing.ts'
import type { Tuning } from './tuning.ts'

const JWT_SECRET = 'thirty-two bytes at least, for HS256!'
const ISSUER = 'https://shop.example.com'
const AUDIENCE = 'chat'

export interface TokenClaims {
  readonly sub?: string
  /** Milliseconds from now. */
  readonly expiresInMs?: number | null
  readonly secret?: string
  readonly issuer?: string
  readonly audience?: string
  /** Distinguishes tokens made in the same second. */
  readonly id?: string
  /** Further fields of the context. */
  readonly more?: Readonly<Record<string, unknown>>
}

export async function mintToken(claims: TokenClaims = {}): Promise<string> {
  const {
    sub = 'ada',
    expiresInMs = 600_000,
    secret = JWT_SECRET,
    issuer = ISSUER,
    audience = AUDIENCE,
  } = claims
  const jwt = new SignJWT({ ...claims.more, ...(claims.id === undefined ? {} : { jti: claims.id }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(audience)
  if (sub !== '') jwt.setSubject(sub)
  // A NumericDate may have fractions, which keep tests of expiry short.
  if (expiresInMs !== null) jwt.setExpirationTime((Date.now() + expiresInMs) / 1_000)
  return jwt.sign(new TextEncoder().encode(secret))
}

export async function authentication(claims: TokenClaims = {}, mergePolicy: 'merge' | 'separate' = 'merge') {
  return {
    userIdentifier: claims.sub ?? 'ada',
    context: { Auth: { Token: await mintToken(claims) } },
    mergePolicy,
  }
}

export async function signIn(device: TestDevice, claims: TokenClaims = {}) {
  const request = await authentication(claims)
  const answer = await device.ask<Authenticated>('identity:authenticate', request)
  return { token: request.context.Auth.Token, conversationId: answer.conversation.id, answer }
}

/** A server's clock that can be stopped: requests made meanwhile are in time, however slow the machine. */
export function createStoppableClock() {
  let stoppedAt: number | null = null
  return {
    now: () => stoppedAt ?? Date.now(),
    async stopped<Value>(work: () => Promise<Value>): Promise<Value> {
      stoppedAt = Date.now()
      try {
        return await work()
      } finally {
        stoppedAt = null
      }
    },
  }
}

export interface StartOptions {
  readonly tuning?: Partial<Tuning>
  readonly jobTuning?: Partial<JobTuning>
  /** Sends mails about unread messages. Default: none are sent. */
  readonly sender?: MailSender
  readonly withBot?: boolean
  /** Further settings of the app `shop`. */
  readonly shop?: Partial<AppConfig>
  readonly actions?: (company: FakeCompany) => Readonly<Record<string, Partial<ActionConfig>>>
  readonly logger?: Logger
  /** Traces messages. Default: none. */
  readonly tracing?: MessageTracing
  readonly contextStyle?: ContextStyle
  /** Claims of customers that agents are shown. */
  readonly display?: DisplayConfig
  /** The apps' verification of contexts. Default: by a shared secret. */
  readonly context?: (company: FakeCompany) => ContextConfig
  /** Verifies the contexts of the app `shop`. Default: by its configured key. */
  readonly verifyContext?: VerifyContext
  /** Folder and company of an earlier start, to continue with its data. */
  readonly again?: { readonly folder: string; readonly company: FakeCompany }
  /** The database is a file in the server's folder, for tests that read its bytes or have a second server. */
  readonly ownFile?: boolean
  readonly openStorage?: () => Promise<Storage>
  readonly broker?: Broker
  /** Folder of the files. Default: in the data folder. */
  readonly filesFolder?: string
  /** Wraps the storage that the server uses. */
  readonly wrapStorage?: (storage: Storage) => Storage
  /** Login methods. Default: the host's only. */
  readonly methods?: readonly LoginMethod[]
  readonly limits?: AuthenticationRequestLimits
  /** Rates of enrolments and wrong codes. */
  readonly authenticatorRates?: Partial<AuthenticatorRates>
  /** The server's clock. Its timers follow the machine's. */
  readonly now?: () => number
}

/** A bot that a test makes wait has not failed: the test counts its calls. */
const TUNING: Partial<Tuning> = { botBackoffMs: [5, 10], botRestMs: 20, botTimeoutMs: 60_000 }

export async function startRealtime(options: StartOptions = {}) {
  const folder = options.again?.folder ?? mkdtempSync(join(tmpdir(), 'chat-realtime-'))
  const company = options.again?.company ?? (await startCompany())
  if (options.ownFile === true) await freshDatabase(folder)
  const open =
    options.ownFile === true ? () => openStorage({ dataDir: folder }) : () => openTestStorage(folder)
  const opened = await (options.openStorage ?? open)()
  const storage = options.wrapStorage?.(opened) ?? opened
  const agents = createAgentAccounts({ storage, passwordCost: CHEAP_PASSWORDS })
  const logger = options.logger ?? pino({ level: 'silent' })
  const now = options.now ?? Date.now
  const config = configOf(folder, company, options)
  const outbox = createOutbox()
  const jobs = createJobQueue({ jobs: storage.jobs, logger, now, tuning: options.jobTuning })
  const requests = await createAuthenticationRequests({
    ...{ storage, jobs },
    delivery: outbox,
    publicUrl: () => 'https://chat.example.com',
    limitsOf: () => options.limits ?? DEFAULT_REQUEST_LIMITS,
    logger,
    now,
    deliveryTuning: { baseMs: 1, capMs: 5 },
    lookAgainMs: options.broker === undefined ? undefined : options.tuning?.headIntervalMs,
  })
  const authenticator = createAuthenticator({
    people: storage.authenticators,
    requests,
    apps: new Map(config.apps.map((one) => [one.id, one])),
    ...(options.authenticatorRates === undefined ? {} : { rates: options.authenticatorRates }),
    now,
  })
  const apps = createLiveApps(config.apps)
  const httpServer = createServer((_request, response) => response.writeHead(404).end())
  const connections = new Set<Socket>()
  httpServer.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  const files = await createFiles({ config, apps: apps.byId, storage, now })
  const { sender } = options
  const unsubscribing = await createUnsubscribing({ mails: storage.unreadMails, keys: storage.serverKeys })
  const realtime = attachRealtime({
    ...(sender && { unreadMail: { sender, unsubscribing, publicUrl: () => 'https://chat.example.com' } }),
    httpServer,
    files: files.service,
    fileStore: files.store,
    ...{ apps, config, storage, jobs, requests, agents, authenticator, logger },
    broker: options.broker ?? null,
    telemetry: createTelemetry(logger, options.tracing),
    tuning: { ...TUNING, ...options.tuning },
    ...(options.verifyContext === undefined ? {} : { verifiers: verifiersOf(options.verifyContext) }),
    ...(options.now === undefined ? {} : { now: options.now }),
  })
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`
  jobs.start()
  const devices: TestDevice[] = []

  async function visitor(auth?: VisitorAuth) {
    const opening = await openVisitor(url, auth)
    devices.push(opening.device)
    return opening
  }

  async function agent(name = 'Grace') {
    const email = `${name.toLowerCase()}@example.com`
    await agents.add({ name, email, password: 'correct horse' }).catch(() => undefined)
    const session = await agents.signIn(email, 'correct horse')
    const cookie = `${CONSOLE_COOKIE}=${session?.token ?? ''}`
    const opening = await openAgent(url, cookie)
    devices.push(opening.device)
    return { ...opening, cookie, token: session?.token ?? '' }
  }

  /** Closes all visitors and agents. With many heads a second, each open one keeps the database busy. */
  function closeDevices(): void {
    for (const device of devices.splice(0)) device.close()
  }

  /** Stops this server and keeps folder and company, for `again`. */
  async function halt(): Promise<void> {
    closeDevices()
    await requests.close()
    await jobs.close()
    await realtime.close()
    await options.broker?.close()
    // Also the WebSockets: one that sent too much would have 30 s to close.
    for (const socket of connections) socket.destroy()
    await new Promise((resolve) => httpServer.close(resolve))
    await requests.close()
    await storage.close()
  }

  async function stop(): Promise<void> {
    await halt()
    await company.stop()
    releaseTestStorage(folder)
    rmSync(folder, { recursive: true, force: true })
  }

  return {
    ...{ url, folder, company, files, apps, storage, jobs, agents, realtime, httpServer, requests, outbox },
    ...{ visitor, agent, closeDevices, halt, stop },
  }
}

export type TestRealtime = Awaited<ReturnType<typeof startRealtime>>

const verifiersOf = (verifyContext: VerifyContext) =>
  new Map([['shop' as AppId, createFunctionVerifier(verifyContext, { now: Date.now })]])

function configOf(folder: string, company: FakeCompany, options: StartOptions): ServerConfig {
  const app = (id: string, origins: readonly string[]): AppConfig => ({
    id: id as AppId,
    name: id,
    origins,
    context: options.context?.(company) ?? {
      kind: 'jwt',
      tokenPath: 'Auth.Token',
      algorithms: ['HS256'],
      secret: JWT_SECRET,
      issuer: ISSUER,
      audience: AUDIENCE,
      ...(options.display === undefined ? {} : { display: options.display }),
    },
    ...(options.contextStyle === undefined ? {} : { contextStyle: options.contextStyle }),
    login: { methods: options.methods ?? ['host'], continueAsGuest: true },
    actions: actionsOf(options.actions?.(company) ?? {}),
    apiKeyHashes: [],
    ...(options.withBot === true ? { bot: { url: `${company.url}/bot`, secret: BOT_SECRET } } : {}),
  })
  return {
    host: '127.0.0.1',
    port: 0,
    dataDir: folder,
    dev: false,
    ...(options.filesFolder === undefined ? {} : { files: { folder: options.filesFolder } }),
    apps: [
      { ...app('shop', ['https://shop.example.com', 'http://localhost:*']), ...options.shop },
      app('other', ['https://other.example.com']),
    ],
  }
}

function actionsOf(
  actions: Readonly<Record<string, Partial<ActionConfig>>>,
): Readonly<Record<string, ActionConfig>> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [
      name,
      {
        url: 'http://127.0.0.1:1',
        method: 'GET' as const,
        headers: {},
        allowPrivateAddress: false,
        ...action,
      },
    ]),
  )
}
