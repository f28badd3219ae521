import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  AppId,
  AppInfo,
  Conversation,
  ConversationId,
  ConversationSummary,
  Message,
  ReadReceipt,
} from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../../../scripts/postgres-server.mjs'
import { type RedisServer, startRedisServer } from '../../../../scripts/redis-server.mjs'
import { never } from '../authentication-requests/requests.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import { upkeepJob } from '../upkeep/upkeep.ts'
import { outcome, runAction } from './agent-actions.testing.ts'
import type { Broker } from './broker/broker.ts'
import { createPostgresBroker } from './broker/postgres-broker.ts'
import { createRedisBroker } from './broker/redis-broker.ts'
import { type StartOptions, signIn, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

let redis: RedisServer
let postgres: PostgresServer
beforeAll(async () => {
  ;[redis, postgres] = await Promise.all([startRedisServer(), startPostgresServer()])
})
afterAll(() => Promise.all([redis?.stop(), postgres?.stop()]))

const HEAD_MS = 200
const HOUR_MS = 3_600_000
const logger = pino({ level: 'silent' })

const byRedis = (channelPrefix: string): Promise<Broker> =>
  // On a busy machine an answer may be late, and what waited for it would be lost.
  createRedisBroker({ redisUrl: redis.url, channelPrefix, logger, answerMs: 60_000 })
const byPostgres = (): Promise<Broker> => createPostgresBroker({ databaseUrl: postgres.url, logger })

interface NodesOptions extends StartOptions {
  readonly brokers?: (() => Promise<readonly [Broker, Broker]>) | undefined
}

/** Two nodes on one database. By default nothing but the broker tells one of the other's changes. */
async function startNodes({ brokers, ...options }: NodesOptions = {}) {
  const prefix = crypto.randomUUID()
  const [first, second] = await (brokers?.() ?? Promise.all([byRedis(prefix), byRedis(prefix)]))
  const shared: StartOptions = {
    ...options,
    tuning: { headIntervalMs: HOUR_MS, ...options.tuning },
    jobTuning: { pollMs: HOUR_MS },
  }
  const one = await startRealtime({ ...shared, broker: first, ownFile: true })
  const { folder, company } = one
  const other = await startRealtime({
    ...shared,
    broker: second,
    again: { folder, company },
    openStorage: () => openStorage({ dataDir: folder, exclusive: false }),
  })
  onTestFinished(async () => {
    await other.halt()
    await one.stop()
  })
  return { one, other }
}

/** A visitor on one node, and an agent on the other who watches the visitor's conversation. */
async function apart({ one, other }: { readonly one: TestRealtime; readonly other: TestRealtime }) {
  const { device: visitor, ready } = await one.visitor()
  const id = ready.conversation?.id as ConversationId
  await visitor.send(id, 'one')
  const { device: agent } = await other.agent()
  const summary = await agent.ask<ConversationSummary>('conversation:watch', { conversationId: id })
  return { visitor, agent, id, summary, session: ready.session?.token }
}

it('[AG2] [AG3] roles, apps and counts of unread messages reach consoles of other nodes at once', async () => {
  const { one, other } = await startNodes()
  await one.agents.add({ name: 'Ada', email: 'ada@example.com', password: 'correct horse' })
  const apps = ['other' as AppId]
  await one.agents.add({ name: 'Olga', email: 'olga@example.com', password: 'correct horse', apps })
  const there = await other.agent('Olga')
  const { device, ready: begun } = await one.visitor({ app: 'other' })
  await device.send(begun.conversation?.id as ConversationId, 'hello')
  const { device: shopper, ready } = await one.visitor()
  await shopper.send(ready.conversation?.id as ConversationId, 'hello')
  await shopper.send(ready.conversation?.id as ConversationId, 'again')
  await there.device.heard<{ count: number }>('unread', ({ count }) => count === 1)
  await one.agents.setRole('olga@example.com', 'reader')
  await there.device.gone()
  expect(there.device.all('session:ended')).toEqual([])
  expect(there.device.all<{ count: number }>('unread').filter(({ count }) => count > 1)).toEqual([])
})

describe.each([
  ['Redis', undefined],
  ['PostgreSQL alone', () => Promise.all([byPostgres(), byPostgres()])],
] as const)('[DL11] by %s', (_name, brokers) => {
  it('messages, lists, typing, receipts, presence and the end of a session cross from node to node', async () => {
    const nodes = await startNodes({ brokers })
    const { one, other } = nodes
    const { visitor, agent, id, summary, session } = await apart(nodes)
    expect(summary.online).toBe(true)
    const { device: second } = await other.visitor({ session })
    const sent = await visitor.send(id, 'two')
    expect((await agent.message(({ seq }) => seq === 2)).id).toBe(sent.id)
    expect((await second.message(({ seq }) => seq === 2)).id).toBe(sent.id)
    await agent.heard<ConversationSummary>('conversation:updated', ({ headSeq }) => headSeq === 2)
    await agent.ask('typing', { conversationId: id, typing: true })
    await visitor.heard('typing')
    await agent.ask('conversation:read', { conversationId: id, seq: 2 })
    await visitor.heard<ReadReceipt>('receipt', ({ seq }) => seq === 2)
    const answer = { conversationId: id, clientId: newClientId(), body: { text: 'three' } }
    await agent.ask('message:send', answer)
    await visitor.message(({ seq }) => seq === 3)
    await agent.ask('conversation:close', { conversationId: id })
    for (const device of [visitor, second])
      await device.heard<Conversation>('conversation', ({ status }) => status === 'closed')

    const { cookie, token } = await one.agent('Ada')
    expect(cookie).not.toBe('')
    const there = await other.agent('Ada')
    await one.agents.signOut(there.token)
    await there.device.gone()
    expect(token).not.toBe(there.token)
    visitor.close()
    second.close()
    await agent.heard<ConversationSummary>('conversation:updated', ({ online }) => !online)
  })

  it("an action has the context of another node's device, and after a sign-out everywhere no node has it", async () => {
    const authorization = 'Bearer {Auth.Token}'
    const nodes = await startNodes({
      brokers,
      actions: ({ url }) => ({ orders: { url: `${url}/orders`, headers: { authorization } } }),
      tuning: { contextWaitMs: 5_000 },
    })
    const { one, other } = nodes
    one.company.behaviour.api = () => ({ status: 200, body: {} })
    const { device } = await one.visitor({ intent: 'identify' })
    const { token, conversationId, answer } = await signIn(device)
    await device.send(conversationId, 'where is my order?')
    const { device: elsewhere } = await other.visitor({ session: answer.session?.token })
    const { device: agent } = await other.agent()
    const run = await runAction(agent, conversationId)
    await outcome(agent, run, 'result')
    expect(one.company.apiCalls.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`])
    for (const visitor of [device, elsewhere]) expect(visitor.all('context:needed')).toEqual([])

    await device.ask('identity:sign-out', { everywhere: true })
    await elsewhere.heard('session:ended')
    await elsewhere.gone()
    for (const { realtime } of [one, other])
      await expect.poll(() => realtime.stats().heldContextBytes).toBe(0)
  })

  it('an action wakes the device on another node that has to bring a fresh context', async () => {
    const authorization = 'Bearer {Auth.Token}'
    const { one, other } = await startNodes({
      brokers,
      actions: ({ url }) => ({ orders: { url: `${url}/orders`, headers: { authorization } } }),
    })
    let fresh = ''
    one.company.behaviour.api = ({ headers }) =>
      headers.authorization === `Bearer ${fresh}` ? { status: 200, body: {} } : { status: 401, body: {} }
    const { device } = await one.visitor({ intent: 'identify' })
    const { conversationId } = await signIn(device)
    await device.send(conversationId, 'where is my order?')
    const { device: agent } = await other.agent()
    const run = await runAction(agent, conversationId)
    await device.heard('context:needed', ({ cause }: { cause: string }) => cause === 'action')
    fresh = (await signIn(device, { id: 'fresh' })).token
    await outcome(agent, run, 'result')
  })

  it('visitors are told that an agent came to another node, and left it', async () => {
    const { one, other } = await startNodes({
      brokers,
      shop: { hours: { timeZone: 'Europe/Berlin', open: { 'mon-sun': '00:00-24:00' } } },
      tuning: { agentGraceMs: 10 },
    })
    const { device } = await one.visitor()
    const is = (wanted: string) => (app: AppInfo) => app.appearance?.availability?.status === wanted
    const { device: agent } = await other.agent()
    await device.heard<AppInfo>('app', is('online'))
    agent.close()
    await device.heard<AppInfo>('app', is('away'))
  })

  it('a bot is asked once, whichever node has the message, and its answer is there once', async () => {
    const { one, other } = await startNodes({ brokers, withBot: true })
    one.company.behaviour.bot = () => ({ messages: [{ text: 'answer' }] })
    const { device, ready } = await one.visitor()
    const id = ready.conversation?.id as ConversationId
    const { device: second } = await other.visitor({ session: ready.session?.token })
    await device.send(id, 'one')
    other.jobs.wake()
    for (const one of [device, second]) await one.message(({ text }) => text === 'answer')
    await second.send(id, 'two')
    await device.message(({ seq }) => seq === 4)
    expect(one.company.botCalls).toHaveLength(2)
    expect(device.all<Message>('message').filter(({ text }) => text === 'answer')).toHaveLength(2)
  })

  it('who waits for an authentication request on one node hears at once of its decision on another', async () => {
    const { one, other } = await startNodes({ brokers })
    const { record } = await one.requests.create({
      ...{ app: 'shop' as never, id: null, addressee: { kind: 'email', email: 'ann@example.com' } },
      claims: { applicationTitle: 'My App', userName: null, userIp: null, userOrigin: null },
      ...{ binding: 'none', lifetimeSeconds: 900, creator: { kind: 'key', ip: '192.0.2.1' } },
    })
    await expect.poll(() => [...one.outbox.tokens, ...other.outbox.tokens].length).toBe(1)
    const waiting = other.requests.wait(record.id, HOUR_MS, never)
    const outcomes = other.requests.events('shop' as never, '', HOUR_MS, never)
    await expect.poll(() => other.requests.waiting).toBe(2)
    const [token = ''] = [...one.outbox.tokens, ...other.outbox.tokens]
    const view = await one.requests.viewLink(token)
    const nonce = view.kind === 'pending' ? view.nonce : ''
    await one.requests.decideByLink({ token, nonce, decision: 'approved', code: null, mutes: false })
    expect((await waiting).status).toBe('approved')
    expect((await outcomes).events.map(({ record: { id } }) => id)).toEqual([record.id])
  })
})

it('[DL11] without Redis a node goes on, and others are told by the head; with it events cross again', async () => {
  const nodes = await startNodes({
    tuning: { headIntervalMs: HEAD_MS },
    actions: ({ url }) => ({ orders: { url: `${url}/orders` } }),
  })
  const { one, other } = nodes
  const { visitor, agent, id, session } = await apart(nodes)
  const { device: near } = await one.visitor({ session })
  await redis.kill()
  await expect.poll(() => one.realtime.stats().isBrokerConnected).toBe(false)
  const sent = await visitor.send(id, 'two')
  await near.message(({ seq }) => seq === 2)
  await agent.heard<{ headSeq: number }>('head', ({ headSeq }) => headSeq === 2)
  expect(agent.all('message')).toEqual([])
  const { messages } = await agent.ask<{ messages: Message[] }>('messages:fetch', {
    conversationId: id,
    after: 1,
    limit: 10,
  })
  expect(messages.map((message) => message.id)).toEqual([sent.id])
  await agent.heard<ConversationSummary>('conversation:updated', ({ headSeq }) => headSeq === 2)

  // [PD2] [PD5] What ended on one node ends on the other as late, and nothing of it stays there.
  const { device: signedOut } = await one.visitor({ intent: 'identify' })
  const { answer } = await signIn(signedOut, { sub: 'grace' })
  const { device: elsewhere } = await other.visitor({ session: answer.session?.token })
  await signedOut.ask('identity:sign-out', { everywhere: true })
  await elsewhere.heard('session:ended')
  await elsewhere.gone()
  const { device: customer } = await other.visitor({ intent: 'identify' })
  const { conversationId } = await signIn(customer)
  await customer.send(conversationId, 'my secret')
  await one.storage.persons.erase(
    { app: 'shop' as AppId, userIdentifier: 'ada', method: 'host' },
    { by: { kind: 'key' }, at: Date.now() },
  )
  expect(other.realtime.stats().heldContextBytes).toBeGreaterThan(0)
  one.jobs.wake('erasure')
  await customer.heard('session:ended')
  await customer.gone()
  expect(customer.all<Conversation>('conversation').at(-1)).toMatchObject({ headSeq: 0 })
  await expect.poll(() => agent.all('conversations:deleted').length).toBeGreaterThan(0)
  expect(other.realtime.stats().heldContextBytes).toBe(0)

  await redis.start()
  for (const node of [one, other]) await expect.poll(() => node.realtime.stats().isBrokerConnected).toBe(true)
  await visitor.send(id, 'three')
  await agent.message(({ seq }) => seq === 3)
})

it('[DL11] [OP16] nodes on one database that cannot wake each other or read their files say so, others nothing', async () => {
  const tuning = { nodeBeatMs: 50 }
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const apartFrom = await startNodes({
    tuning,
    logger: log,
    brokers: () => Promise.all([byRedis('mine'), byRedis('yours')]),
  })
  for (const { realtime } of [apartFrom.one, apartFrom.other])
    await expect.poll(() => realtime.stats().unheardNodes).toBe(1)
  expect(lines.join('')).toContain('another server on this database is not heard')
  // Each of them, once.
  expect(lines.join('').match(/kept in the data folder/g)).toHaveLength(2)

  lines.length = 0
  const filesFolder = await mkdtemp(join(tmpdir(), 'chat-files-'))
  onTestFinished(() => rm(filesFolder, { recursive: true }))
  const together = await startNodes({ tuning, logger: log, filesFolder })
  const { nodes } = together.one.storage
  const first = await nodes.beat('test', 1, 0)
  // Ten signs of life of each: time enough to miss one.
  await expect
    .poll(async () => Math.min(...(await nodes.beat('test', 1, 0)).map(({ seenAt }) => seenAt)))
    .toBeGreaterThan(Math.max(...first.map(({ seenAt }) => seenAt)) + 500)
  // A sign of life may be late for a moment; one that never comes stays missing.
  for (const { realtime } of [together.one, together.other])
    await expect.poll(() => realtime.stats().unheardNodes).toBe(0)
  expect(lines.join('')).not.toContain('kept in the data folder')
})

it('[JB6] a node that stops in the middle of a job wakes the others, and one of them runs it', async () => {
  const { one, other } = await startNodes()
  const ran: string[] = []
  const settings = { atOnce: 1, tries: 3, backoff: { baseMs: 1, capMs: 1 } }
  one.jobs.handle('upkeep', {
    ...settings,
    run: ({ signal }) =>
      new Promise((_, reject) => {
        ran.push('one')
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  })
  other.jobs.handle('upkeep', {
    ...settings,
    async run() {
      ran.push('other')
      return []
    },
  })
  await one.storage.jobs.add([upkeepJob(Date.now())])
  one.jobs.wake()
  await expect.poll(() => ran).toEqual(['one'])
  await one.jobs.close()
  await expect.poll(() => ran).toEqual(['one', 'other'])
})
