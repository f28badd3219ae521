/** The server as a process on a real PostgreSQL: killed in the middle of conversations, it loses nothing. */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../scripts/postgres-server.mjs'
import { connectVisitor, Refused, unwrap } from './support/raw-device.ts'
import { startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'
import { postgresMessages } from './support/stored-messages.ts'

const VISITORS = 10
/** Fewer than the server accepts from one device at once. */
const EACH = 15
const ACKNOWLEDGED = 50
/** The sum of the time limits of a shutdown; it takes less. */
const MOST_TO_END_MS = 16_000

let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgresServer()
})
afterAll(() => postgres?.stop())

it('[DL2] loses no acknowledged message and doubles none when it is killed', async () => {
  const server = await startServer({ config: shopConfig(), databaseUrl: postgres.url })
  onTestFinished(() => server.close())
  const writing = Array.from({ length: EACH }, (_, index) => `message ${index}`)
  const conversations = await Promise.all(
    Array.from({ length: VISITORS }, async () => {
      const device = await connectVisitor(server.url)
      const id = device.ready.conversation!.id
      return { device, id, clientIds: writing.map(() => crypto.randomUUID()) }
    }),
  )

  const acknowledged = new Map<string, number>()
  let killed: Promise<void> | undefined
  const write = async ({ device, clientIds }: (typeof conversations)[number]) => {
    for (const [index, text] of writing.entries()) {
      const { seq } = await device.send(clientIds[index]!, text)
      acknowledged.set(clientIds[index]!, seq)
      if (acknowledged.size >= ACKNOWLEDGED) killed ??= server.kill()
    }
  }
  const outcomes = await Promise.allSettled(conversations.map(write))
  await killed
  // Requests under way when the server died broke; a refusal would be a fault of this test.
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).not.toBeInstanceOf(Refused)
  for (const { device } of conversations) device.close()
  expect(acknowledged.size, 'killed in the middle').toBeLessThan(VISITORS * EACH)
  const stored = new Map((await postgresMessages(postgres.url)).map(({ clientId, seq }) => [clientId, seq]))
  for (const [clientId, seq] of acknowledged) expect(stored.get(clientId)).toBe(seq)

  await server.start()
  for (const { device, id, clientIds } of conversations) {
    const again = await connectVisitor(server.url, { session: device.ready.session?.token })
    onTestFinished(() => again.close())
    expect(again.ready.conversation?.id).toBe(id)
    for (const [index, text] of writing.entries()) {
      const { seq } = await again.send(clientIds[index]!, text)
      expect(stored.get(clientIds[index]!) ?? seq, text).toBe(seq)
    }
    const { messages } = unwrap(
      await again.socket.emitWithAck('messages:fetch', { conversationId: id, after: 0, limit: 200 }),
    )
    expect(messages.map(({ seq, text }) => ({ seq, text }))).toEqual(
      writing.map((text, index) => ({ seq: index + 1, text })),
    )
  }
  expect(await postgresMessages(postgres.url)).toHaveLength(VISITORS * EACH)
})

it('[OP3] ends on SIGTERM, with 0, although the database has stopped answering', async () => {
  const server = await startServer({ config: shopConfig(), databaseUrl: postgres.url })
  onTestFinished(() => server.close())
  const device = await connectVisitor(server.url)
  onTestFinished(() => device.close())
  await device.send(crypto.randomUUID(), 'stored')
  const processes = await processesOf(postgres.url)
  const signal = (name: NodeJS.Signals) => processes.map((pid) => process.kill(pid, name))
  signal('SIGSTOP')
  try {
    // Under way when the server is told to end.
    void device.send(crypto.randomUUID(), 'not stored').catch(() => undefined)
    const begun = performance.now()
    expect(await server.stop()).toBe(0)
    expect(performance.now() - begun).toBeLessThan(MOST_TO_END_MS)
  } finally {
    signal('SIGCONT')
  }
})

/** The listening process, and those that serve connections. */
async function processesOf(databaseUrl: string): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number; own: boolean }>(
      `select pid, pid = pg_backend_pid() as own from pg_stat_activity where backend_type = 'client backend'`,
    )
    const own = rows.find((row) => row.own)!.pid
    const parent = Number(readFileSync(`/proc/${own}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
    return [parent, ...rows.flatMap((row) => (row.own ? [] : [row.pid]))]
  } finally {
    await client.end()
  }
}
