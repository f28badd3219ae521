/** A PostgreSQL that stops answering: calls end, and no transaction is half done. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest'
import { newSecretHash, SHOP, START, stored, visitorText } from './contract-fixture.testing.ts'
import { knownProblem } from './database-problem.ts'
import { migrate } from './migrations.ts'
import { openPostgresDatabase } from './postgres-database.ts'
import { startPostgres, type TestPostgres } from './postgres-server.testing.ts'
import { createSqlStorage } from './sql-storage.ts'

/** Enough for an immediate answer on a busy machine. */
const STATEMENT_MS = 3_000

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

/** A database of the test's own, behind a network that it can freeze. */
async function start({ onTestFinished }: TestContext) {
  const url = new URL(await postgres.createDatabase())
  const network = await startNetwork(Number(url.port))
  url.port = String(network.port)
  const limits = { connectTimeoutMs: STATEMENT_MS, statementTimeoutMs: STATEMENT_MS }
  const database = await openPostgresDatabase(url.href, limits)
  await migrate(database)
  const storage = createSqlStorage(database)
  onTestFinished(async () => {
    await storage.close()
    await network.stop()
  })
  const begin = () => storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
  return { network, database, storage, begin }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

// Concurrent, as each waits for a time limit.
describe.concurrent('[OP3] a database that is silent', () => {
  it('[OP3] refuses as unavailable what the database does not answer, and stores it when it is asked again', async (context) => {
    const { expect } = context
    const { network, storage, begin } = await start(context)
    const session = await begin()
    const request = visitorText(session, 'Hello')
    network.freeze()
    const errors = await Promise.all([
      refusal(storage.messages.append(request)),
      refusal(storage.conversations.current(session)),
      refusal(storage.ping()),
    ])
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'unavailable' })
      expect(knownProblem(error)).toBe('it does not answer in time')
    }
    network.thaw()
    const again = stored(await storage.messages.append(request))
    expect(again.message.seq).toBe(1)
    expect(stored(await storage.messages.append(visitorText(session, 'and on'))).message.seq).toBe(2)
  })

  it('[OP3] does nothing of a transaction that fell silent in its middle', async (context) => {
    const { expect } = context
    const { network, database, storage, begin } = await start(context)
    const session = await begin()
    await storage.messages.append(visitorText(session, 'Hello'))
    const silenced = database.write(async (db) => {
      await db
        .updateTable('conversations')
        .set({ head_seq: 7 })
        .where('id', '=', session.conversationId)
        .execute()
      network.freeze()
      await sql`select 1`.execute(db)
    })
    expect(await refusal(silenced)).toMatchObject({ code: 'unavailable' })
    network.thaw()
    // If its connection were used again, this commit would commit that transaction too.
    const next = stored(await storage.messages.append(visitorText(session, 'and on')))
    expect(next.message.seq).toBe(2)
  })

  it('[OP3] ends a statement that takes too long in the database, too', async (context) => {
    const { expect } = context
    const { database } = await start(context)
    const slow = database.read(async (db) => sql`select pg_sleep(3600)`.execute(db))
    expect(knownProblem(await refusal(slow))).toBe('it does not answer in time')
    await expect
      .poll(async () => {
        const { rows } = await database.read((db) =>
          sql`select 1 from pg_stat_activity where query like '%pg_sleep(3600)%' and state = 'active'
            and pid <> pg_backend_pid()`.execute(db),
        )
        return rows
      })
      .toEqual([])
  })

  it('[OP3] is closed although the database is silent', async (context) => {
    const { expect } = context
    const { network, storage, begin } = await start(context)
    const session = await begin()
    network.freeze()
    const asked = refusal(storage.messages.append(visitorText(session, 'Hello')))
    await storage.close()
    expect(await asked).toMatchObject({ code: 'unavailable' })
  })
})

/** A proxy to the port. Frozen, it keeps the bytes, and does not answer new connections. */
async function startNetwork(to: number) {
  const sockets = new Set<Socket>()
  let frozen = false
  const track = (socket: Socket) => {
    sockets.add(socket)
    if (frozen) socket.pause()
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  }
  const server: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('data', (bytes) => other.write(bytes))
      one.on('end', () => other.end())
      one.on('close', () => other.destroy())
      track(one)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    freeze() {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      frozen = false
      for (const socket of sockets) socket.resume()
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
