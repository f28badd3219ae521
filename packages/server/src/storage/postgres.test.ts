import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { main } from '../cli/main.ts'
import { createTestTerminal } from '../cli/terminal.testing.ts'
import { loginCard, newSecretHash, SHOP, START, stored, visitorText } from './contract-fixture.testing.ts'
import { migrationContract } from './contract-migrations.testing.ts'
import { migrate } from './migrations.ts'
import { openStorage } from './open-storage.ts'
import { openPostgresDatabase } from './postgres-database.ts'
import { startPostgres, type TestPostgres } from './postgres-server.testing.ts'
import { createSlowStatementLog } from './slow-statements.ts'
import { createSqlStorage } from './sql-storage.ts'
import type { SessionRecord, Storage } from './storage.ts'
import { storageContract } from './storage-contract.testing.ts'

let postgres: TestPostgres

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

/** A long limit: of fifty calls at once on ten connections, the last wait for as long as the machine takes. */
const openDatabase = (databaseUrl: string) =>
  openPostgresDatabase(databaseUrl, { connectTimeoutMs: 60_000, statementTimeoutMs: 60_000 })
async function open(databaseUrl: string): Promise<Storage> {
  const database = await openDatabase(databaseUrl)
  await migrate(database)
  return createSqlStorage(database)
}

storageContract('PostgreSQL', async () => {
  const url = await postgres.createDatabase()
  return {
    open: () => open(url),
    openDatabase: () => openDatabase(url),
    empty: () => postgres.empty(url),
    remove: async () => undefined,
  }
})

migrationContract(async () => openDatabase(await postgres.createDatabase()))

it('[OP8] commands remove an agent whom a server on the same PostgreSQL knows', async () => {
  const databaseUrl = await postgres.createDatabase()
  const run = async (...argv: string[]) => {
    const test = createTestTerminal({ env: { CHAT_WIDGET_DATABASE_URL: databaseUrl } })
    test.stdin.end('a good password')
    expect([await main(['agent', ...argv], test.terminal), test.err()]).toEqual([0, ''])
    return test.out()
  }
  await run('add', 'Zoe', '--email', 'zoe@example.com', '--password-stdin')
  await run('add', 'Ana', '--email', 'ana@example.com', '--role', 'viewer', '--password-stdin')
  const owner = 'zoe@example.com\towner\tZoe\tall\n'
  const storage = await open(databaseUrl)
  try {
    const agents = createAgentAccounts({ storage })
    const token = (await agents.signIn('ana@example.com', 'a good password'))?.token ?? ''
    expect(await agents.authenticate(token)).toMatchObject({ name: 'Ana', role: 'reader' })
    expect(await run('list')).toBe(`ana@example.com\treader\tAna\tall\n${owner}`)
    await run('remove', 'ana@example.com')
    expect(await agents.authenticate(token)).toBeNull()
    expect(await run('list')).toBe(owner)
  } finally {
    await storage.close()
  }
})

describe('several servers on one PostgreSQL', () => {
  /** Opens `count` storages over one fresh database and closes them after. */
  async function withServers(
    count: number,
    use: (servers: readonly Storage[]) => Promise<void>,
  ): Promise<void> {
    const databaseUrl = await postgres.createDatabase()
    const opened = await Promise.allSettled(Array.from({ length: count }, () => open(databaseUrl)))
    const servers = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    try {
      expect(opened.filter(({ status }) => status === 'rejected')).toEqual([])
      await use(servers)
    } finally {
      await Promise.all(servers.map((server) => server.close()))
    }
  }
  const anonymous = (server: Storage) =>
    server.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
  const signInOf = (session: SessionRecord | null, userIdentifier: string) => ({
    ...{
      sessionId: session?.id ?? null,
      app: SHOP,
      userIdentifier,
      contextExpiresAt: null,
      merge: true,
      claims: [],
    },
    newSecretHash: newSecretHash(),
    at: START,
  })
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  it('start at once on an empty database without colliding', async () => {
    await withServers(6, async (servers) => {
      await Promise.all(servers.map((server) => server.ping()))
    })
  })

  it('[DL4] keep one gapless order when they write the same conversations', async () => {
    await withServers(2, async ([one, other]) => {
      const sessions = await Promise.all(numbers(10).map(() => anonymous(one!)))
      const results = await Promise.all(
        numbers(40).flatMap((round) =>
          sessions.map((session) =>
            (round % 2 === 0 ? one! : other!).messages.append(visitorText(session, `${round}`)),
          ),
        ),
      )
      expect(results.every((result) => stored(result).created)).toBe(true)
      for (const { conversationId } of sessions) {
        const kept = await one!.messages.list({ conversationId, after: 0, limit: 100 })
        expect(kept.map(({ seq }) => seq)).toEqual(numbers(40))
      }
    })
  })

  it('[DL2] keep one message of a client id that reaches both at once', async () => {
    await withServers(2, async (servers) => {
      for (const _ of numbers(10)) {
        const session = await anonymous(servers[0]!)
        const request = visitorText(session, 'Hello')
        const results = await Promise.all(servers.map((server) => server.messages.append(request)))
        expect(results.map((result) => stored(result).message.seq)).toEqual([1, 1])
        expect(results.filter((result) => stored(result).created)).toHaveLength(1)
      }
    })
  })

  it('[ID11] lose no message that crosses a sign-in on the other', async () => {
    await withServers(2, async ([one, other]) => {
      for (const round of numbers(10)) {
        const session = await anonymous(one!)
        const [appended, { session: signedIn }] = await Promise.all([
          one!.messages.append(visitorText(session, 'crossing')),
          other!.sessions.identify(signInOf(session, `user ${round}`)),
        ])
        expect(stored(appended).message.seq).toBe(1)
        const next = stored(await other!.messages.append(visitorText(signedIn, 'after')))
        expect(next.message.seq).toBe(2)
      }
    })
  })

  it('[DL10] begin one conversation for a user whose devices write to both at once', async () => {
    await withServers(2, async (servers) => {
      for (const round of numbers(5)) {
        const devices = await Promise.all(
          servers.map((server) => server.sessions.identify(signInOf(null, `user ${round}`))),
        )
        const results = await Promise.all(
          devices.map(({ session }, index) => servers[index]!.messages.append(visitorText(session, 'Hello'))),
        )
        expect(results.map((result) => (result.ok ? 'begun' : result.code)).sort()).toEqual([
          'begun',
          'conflict',
        ])
      }
    })
  })

  it('wait for each other in one order: tabs that sign in, renew and write at once meet no deadlock', async () => {
    const databaseUrl = await postgres.createDatabase()
    const servers = await Promise.all([open(databaseUrl), open(databaseUrl)])
    for (const round of numbers(8)) {
      const session = await anonymous(servers[0]!)
      await Promise.all(
        numbers(8).map(async (tab) => {
          const server = servers[tab % 2]!
          const write = () => server.messages.append(visitorText(session, `tab ${tab}`))
          const [, signedIn] = await Promise.all([
            write(),
            server.sessions.identify(signInOf(session, `user ${round}`)),
          ])
          const renewal = { sessionId: signedIn.session.id, contextExpiresAt: null, claims: [], at: START }
          await Promise.all([
            server.messages.append(visitorText(signedIn.session, `again ${tab}`)),
            server.sessions.renew({ ...renewal, signsIn: true }),
            server.sessions.reserveConversation(signedIn.session.id),
          ])
        }),
      )
    }
    // Connections report their errors when they end.
    await Promise.all(servers.map((server) => server.close()))
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      const { rows } = await client.query(
        'select deadlocks::int from pg_stat_database where datname = current_database()',
      )
      expect(rows).toEqual([{ deadlocks: 0 }])
    } finally {
      await client.end()
    }
  })

  it('[ID15] owe what a login card waits for once', async () => {
    await withServers(2, async (servers) => {
      const session = await anonymous(servers[0]!)
      await servers[0]!.messages.append(visitorText(session, 'Hello'))
      await servers[0]!.messages.append(loginCard(session.conversationId, { kind: 'nothing' }))
      const results = await Promise.all(
        numbers(30).map((number) => servers[number % 2]!.sessions.identify(signInOf(session, 'ann'))),
      )
      expect(results.flatMap(({ released }) => released.events)).toHaveLength(1)
    })
  })
})

it('[DL8] says unavailable when the database goes away, and works again after', async () => {
  const databaseUrl = await postgres.createDatabase()
  const storage = await open(databaseUrl)
  const session = await storage.sessions.createAnonymous({ app: SHOP, secretHash: 'one', at: START })
  const blocker = new pg.Client({ connectionString: databaseUrl })
  await blocker.connect()
  try {
    // Locks the table, so that the append is under way when its connection is cut.
    await blocker.query('begin')
    await blocker.query('lock table messages in access exclusive mode')
    const asked = storage.messages.append(visitorText(session, 'Hello'))
    const outcome = asked.catch((error: unknown) => error)
    await expect
      .poll(async () => {
        const cut = await blocker.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return cut.rowCount
      })
      .toBe(1)
    await blocker.query('rollback')
    expect(await outcome).toMatchObject({ code: 'unavailable' })
    const again = stored(await storage.messages.append(visitorText(session, 'Hello')))
    expect(again.message.seq).toBe(1)
  } finally {
    await blocker.end()
    await storage.close()
  }
})

it('[OP14] tells of a statement that took long', async () => {
  const lines: string[] = []
  const log = createSlowStatementLog(pino({}, { write: (line: string) => void lines.push(line) }))
  const database = await openPostgresDatabase(await postgres.createDatabase(), { log })
  try {
    await database.write((db) => sql`select pg_sleep(${0.6}), ${'said by somebody'}::text`.execute(db))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { sql: 'select pg_sleep($1), $2::text', values: 2 },
    ])
    expect(lines.join()).not.toContain('somebody')
  } finally {
    await database.close()
  }
})

it('says unavailable when the database cannot be reached', async () => {
  const databaseUrl = 'postgres://chat@127.0.0.1:1/chat'
  await expect(openStorage({ databaseUrl, dataDir: '' })).rejects.toMatchObject({ code: 'unavailable' })
})
