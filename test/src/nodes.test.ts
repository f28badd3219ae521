/** Two server processes on one PostgreSQL: what is done on one is told on the other. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../scripts/postgres-server.mjs'
import { type RedisServer, startRedisServer } from '../../scripts/redis-server.mjs'
import { addAgent } from './support/agent-account.ts'
import { connectAgent, connectVisitor, Refused, signInAgent, unwrap } from './support/raw-device.ts'
import { startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'

let postgres: PostgresServer
let redis: RedisServer
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgresServer(), startRedisServer()])
})
afterAll(async () => {
  await Promise.all([postgres?.stop(), redis?.stop()])
})

/** A visitor on one server, and an agent on the other who watches the visitor's conversation. */
async function apart(args: readonly string[]) {
  const node = async () => {
    const server = await startServer({ config: shopConfig(), databaseUrl: postgres.url, args })
    onTestFinished(() => server.close())
    return server
  }
  const nodes = await Promise.all([node(), node()])
  const [one, other] = nodes
  const visitor = await connectVisitor(one.url)
  onTestFinished(() => visitor.close())
  const conversationId = visitor.ready.conversation!.id
  await visitor.send(crypto.randomUUID(), 'first')

  const { email, password } = await addAgent(other, `Agent${crypto.randomUUID().slice(0, 8)}`)
  const agent = await connectAgent(other.url, await signInAgent(other.url, email, password))
  onTestFinished(() => void agent.disconnect())
  const told: string[] = []
  agent.on('message', ({ text }) => told.push(text))
  unwrap(await agent.emitWithAck('conversation:watch', { conversationId }))
  return { nodes, visitor, agent, conversationId, told }
}

/** Acts until it is told: a broker on a busy machine may lose a notification. */
const until = (act: () => unknown, isTold: () => boolean) =>
  expect
    .poll(
      async () => {
        await act()
        return isTold()
      },
      { interval: 200 },
    )
    .toBe(true)

/** A message, typing and a receipt, both ways. */
async function crosses({ visitor, agent, conversationId, told }: Awaited<ReturnType<typeof apart>>) {
  const heard: string[] = []
  visitor.socket.onAny((event: string) => heard.push(event))
  // More than PostgreSQL takes in one notification.
  const long = 'ü'.repeat(6_000)
  const send = (text: string) => visitor.send(crypto.randomUUID(), text)
  await until(
    () => send(long),
    () => told.includes(long),
  )
  await until(
    () => agent.emit('typing', { conversationId, typing: true }),
    () => heard.includes('typing'),
  )
  await until(
    async () => {
      const { seq } = await send('read')
      unwrap(await agent.emitWithAck('conversation:read', { conversationId, seq }))
    },
    () => heard.includes('receipt'),
  )
  await until(
    async () => {
      const clientId = crypto.randomUUID() as never
      unwrap(await agent.emitWithAck('message:send', { conversationId, clientId, body: { text: 'answer' } }))
    },
    () => visitor.received.some(({ text }) => text === 'answer'),
  )
}

it('[DL11] by Redis events cross; killed, it keeps no message from being stored, and is used again once it is back', async () => {
  const parts = await apart(['--redis-url', redis.url])
  await crosses(parts)
  const { nodes, visitor, agent, conversationId, told } = parts
  await redis.kill()
  for (const { stderr } of nodes) await expect.poll(stderr).toContain('Redis is away')
  const { seq } = await visitor.send(crypto.randomUUID(), 'meanwhile')
  await redis.start()
  for (const { stderr } of nodes)
    await expect.poll(() => stderr().split('Redis is away')[1]).toContain('connected to Redis')
  await until(
    () => visitor.send(crypto.randomUUID(), 'after'),
    () => told.includes('after'),
  )
  const page = unwrap(await agent.emitWithAck('messages:fetch', { conversationId, after: seq - 1, limit: 2 }))
  expect(page.messages.map(({ text }) => text)).toEqual(['meanwhile', 'after'])
  for (const { stderr } of nodes) expect(stderr()).not.toContain(new URL(redis.url).password)
})

it('[DL11] by PostgreSQL alone events cross, and again each time its connections broke', async () => {
  const parts = await apart([])
  await crosses(parts)
  const { nodes, visitor, agent, conversationId } = parts
  // The next major release of `pg` refuses what it warns of.
  for (const { stderr } of nodes) expect(stderr()).not.toContain('DeprecationWarning')
  let heard = 0
  visitor.socket.on('typing', () => {
    heard += 1
  })
  const administrator = new pg.Client({ connectionString: postgres.url })
  await administrator.connect()
  onTestFinished(() => administrator.end())
  for (let round = 1; round <= 2; round += 1) {
    await administrator.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where usename is not null and pid <> pg_backend_pid()',
    )
    const before = heard
    await until(
      () => agent.emit('typing', { conversationId, typing: true }),
      () => heard > before,
    )
  }
})

it.each(['Redis', 'PostgreSQL'] as const)(
  '[DL9] new visitors of an address are counted by three servers together, in %s',
  async (counter) => {
    const config = { ...shopConfig(), limits: { newVisitorsPerMinute: 4 } }
    const args = counter === 'Redis' ? ['--redis-url', redis.url] : []
    const nodes = await Promise.all(
      [1, 2, 3].map(async () => {
        const server = await startServer({ config, databaseUrl: postgres.url, args })
        onTestFinished(() => server.close())
        return server
      }),
    )
    const refused: string[] = []
    for (let n = 0; n < 12; n += 1) {
      try {
        const visitor = await connectVisitor(nodes[n % 3]!.url)
        visitor.close()
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        refused.push(error.error.code)
      }
    }
    // Each alone would let four of its four in; all together a window lets twice a server's in.
    expect(refused).toEqual(Array(4).fill('rate-limited'))
  },
)
