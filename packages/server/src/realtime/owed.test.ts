/** Work promised by an answer, across a crash after each write, on both databases. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authenticated, ChatError, type ConversationId, type Message } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SqlDatabase } from '../storage/database.ts'
import { migrate } from '../storage/migrations.ts'
import { openPostgresDatabase } from '../storage/postgres-database.ts'
import { startPostgres, type TestPostgres } from '../storage/postgres-server.testing.ts'
import { createSqlStorage } from '../storage/sql-storage.ts'
import { openSqliteDatabase } from '../storage/sqlite-database.ts'
import type { BotReply, FakeCompany } from './fake-company.testing.ts'
import { startCompany } from './fake-company.testing.ts'
import { authentication, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, Refused } from './test-device.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'chat-owed-'))
let postgres: TestPostgres
let company: FakeCompany
const databases = new Map<string, SqlDatabase>()

beforeAll(async () => {
  company = await startCompany()
  postgres = await startPostgres()
  databases.set('SQLite', await openSqliteDatabase({ path: join(folder, 'chat.db'), exclusive: true }))
  databases.set('PostgreSQL', await openPostgresDatabase(await postgres.createDatabase()))
  for (const database of databases.values()) await migrate(database)
})
afterAll(async () => {
  for (const database of databases.values()) await database.close()
  await postgres?.stop()
  await company?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A database that commits `lastWrite` without answering: the process, or the connection, is gone. */
function endingAt(database: SqlDatabase, lastWrite: number) {
  const gone = () => new ChatError('unavailable', 'The process is gone.')
  let writes = Number.NEGATIVE_INFINITY
  let crash = () => {}
  const crashed = new Promise<void>((resolve) => {
    crash = resolve
  })
  /** Counts the writes of `write`, and ends with the last one. */
  const ended =
    (write: SqlDatabase['write']): SqlDatabase['write'] =>
    async (work) => {
      writes += 1
      if (writes > lastWrite) throw gone()
      const value = await write(work)
      if (writes < lastWrite) return value
      crash()
      throw gone()
    }
  const ending: SqlDatabase = {
    ...database,
    read: async (work) => {
      if (writes >= lastWrite) throw gone()
      return database.read(work)
    },
    write: ended(database.write),
    writeAppends: ended(database.writeAppends),
    // Other storages still use it.
    close: async () => undefined,
  }
  /** Starts to count: writes before the server listens are not tested. */
  const arm = () => {
    writes = 0
  }
  return { database: ending, crashed, isGone: () => writes >= lastWrite, arm }
}

/** State of a device that outlives servers. */
interface Device {
  token: string | undefined
  conversationId: ConversationId | undefined
  readonly clientId: ReturnType<typeof newClientId>
  isSent: boolean
  isSignedIn: boolean
}

interface Scenario {
  readonly bot: (text: string | undefined, verified: boolean) => BotReply
  /** Messages that the conversation contains in the end. */
  readonly transcript: readonly string[]
}

interface Life {
  readonly database: SqlDatabase
  readonly device: Device
  readonly user: string
  readonly isGone: () => boolean
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a message that a login card blocked': {
    bot: (_text, verified) => ({ messages: verified ? [{ text: 'done' }] : [{ login: {} }] }),
    transcript: ['help', 'Please sign in to continue.', 'Signed in', 'done'],
  },
  'an action that a login card blocked': {
    bot: (text) => ({
      messages: text === undefined ? [{ text: 'done' }] : [{ action: { name: 'orders', params: {} } }],
    }),
    transcript: ['help', 'Please sign in to continue.', 'Signed in', 'done'],
  },
}

/** Plays the visitor until everything has happened, or the server is gone. */
async function play(server: TestRealtime, { database, device, user, isGone }: Life): Promise<void> {
  const messages = () => transcriptOf(database, device)
  const opening = await connect(server, device)
  device.conversationId ??= opening.ready.conversation?.id
  if (!device.isSent) {
    await opening.device.send(device.conversationId!, 'help', device.clientId)
    device.isSent = true
  }
  // A server that was started again has no context any more, and asks for one.
  const bringContext = async () => {
    const fresh = await authentication({ sub: user, id: crypto.randomUUID() })
    opening.device.socket.emit('identity:authenticate', { ...fresh, renewal: true }, () => undefined)
  }
  if (opening.device.all('context:needed').length > 0) void bringContext()
  else opening.device.socket.once('context:needed', bringContext)
  const has = (fits: (message: Message) => boolean) =>
    expect.poll(async () => isGone() || (await messages()).some(fits)).toBe(true)
  await has(({ kind }) => kind === 'login')
  if (isGone()) return
  if (!device.isSignedIn) {
    const answer = await opening.device.ask<Authenticated>(
      'identity:authenticate',
      await authentication({ sub: user }),
    )
    device.token = answer.session?.token ?? device.token
    device.isSignedIn = true
  }
  await has(({ text }) => text === 'done')
}

async function transcriptOf(database: SqlDatabase, { conversationId }: Device): Promise<readonly Message[]> {
  if (conversationId === undefined) return []
  return createSqlStorage(database).messages.list({ conversationId, after: 0, limit: 50 })
}

async function connect(server: TestRealtime, device: Device) {
  const auth = () => ({ session: device.token, ...(device.isSent ? { intent: 'identify' as const } : {}) })
  try {
    const opening = await server.visitor(auth())
    device.token ??= opening.ready.session?.token
    return opening
  } catch (error) {
    // The answer with the new secret was lost, and the old secret is void.
    if (!(error instanceof Refused && error.data?.code === 'session-invalid')) throw error
    device.token = undefined
    return server.visitor(auth())
  }
}

interface Crash {
  readonly lastWrite: number
  /** The visitor answers a card that is there before the bot is asked again about what led to it. */
  readonly signsInFirst: boolean
}

interface Crashed {
  /** The process ended before everything had happened. */
  readonly hasCrashed: boolean
  /** It left a card that the visitor had not answered. */
  readonly hasCard: boolean
}

async function crashAt(
  database: SqlDatabase,
  { bot, transcript }: Scenario,
  { lastWrite, signsInFirst }: Crash,
): Promise<Crashed> {
  let untilSignedIn: Promise<unknown> = Promise.resolve()
  company.behaviour.bot = async ({ request }) => {
    if (request.type === 'message') await untilSignedIn
    return bot(request.type === 'message' ? request.message.text : undefined, request.visitor.verified)
  }
  company.behaviour.api = () => ({ status: 200, body: { orders: [1] } })
  const user = `user ${crypto.randomUUID()}`
  const device: Device = {
    token: undefined,
    conversationId: undefined,
    clientId: newClientId(),
    isSent: false,
    isSignedIn: false,
  }
  const messages = () => transcriptOf(database, device)
  const start = (used: SqlDatabase) =>
    startRealtime({
      again: { folder, company },
      async openStorage() {
        const storage = createSqlStorage(used)
        // Leases of the process before would end by themselves, after a while.
        await storage.jobs.releaseAll()
        return storage
      },
      withBot: true,
      actions: ({ url }) => ({ orders: { url, allowPrivateAddress: true } }),
    })
  const first = endingAt(database, lastWrite)
  const { isGone } = first
  const server = await start(first.database)
  first.arm()
  // Requests to a server that is gone are never answered.
  const playing = play(server, { database, device, user, isGone }).catch((error) => {
    if (!isGone()) throw error
  })
  await Promise.race([playing, first.crashed])
  await server.halt()
  const hasCrashed = isGone()
  const hasCard = !device.isSignedIn && (await messages()).some(({ kind }) => kind === 'login')
  if (hasCrashed) {
    if (signsInFirst && hasCard) untilSignedIn = vi.waitUntil(() => device.isSignedIn, { timeout: 60_000 })
    const second = await start({ ...database, close: async () => undefined })
    await play(second, { database, device, user, isGone: () => false })
    await second.halt()
  }
  const texts = (await messages()).map(({ text }) => text.replace(/^Signed in as .*$/, 'Signed in'))
  expect(texts).toEqual(transcript)
  return { hasCrashed, hasCard }
}

describe.each(['SQLite', 'PostgreSQL'])('on %s', (kind) => {
  it.each(Object.keys(SCENARIOS))(
    '[ID15] [DL8] %s is replayed once, wherever the process ends, and where the sign-in comes before what is repeated',
    async (name) => {
      const database = databases.get(kind)!
      const withCard: number[] = []
      const end = (lastWrite: number, signsInFirst: boolean) =>
        crashAt(database, SCENARIOS[name]!, { lastWrite, signsInFirst })
      for (let lastWrite = 1; ; lastWrite += 1) {
        const { hasCrashed, hasCard } = await end(lastWrite, false)
        if (!hasCrashed) break
        if (hasCard) withCard.push(lastWrite)
      }
      // After other writes there is no card, or it has been answered: what comes first makes no difference.
      expect(withCard.length).toBeGreaterThan(0)
      for (const lastWrite of withCard) await end(lastWrite, true)
    },
  )
})
