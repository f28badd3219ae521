import type { ConversationId, ConversationSummary, Message, ReadReceipt } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type RedisServer, startRedisServer } from '../../../../scripts/redis-server.mjs'
import { openStorage } from '../storage/open-storage.ts'
import { upkeepJob } from '../upkeep/upkeep.ts'
import { createRedisBroker } from './broker/redis-broker.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedisServer()
})
afterAll(() => redis?.stop())

const HEAD_MS = 200
const HOUR_MS = 3_600_000
const logger = pino({ level: 'silent' })
/** Two nodes on one database and one Redis. */
let one: TestRealtime
let other: TestRealtime
beforeEach(async () => {
  const channelPrefix = crypto.randomUUID()
  // On a busy machine an answer may be late, and what waited for it would be lost.
  const broker = () => createRedisBroker({ redisUrl: redis.url, channelPrefix, logger, answerMs: 60_000 })
  const tuning = { headIntervalMs: HEAD_MS }
  const jobTuning = { pollMs: HOUR_MS }
  one = await startRealtime({ broker: await broker(), tuning, jobTuning, ownFile: true })
  const { folder, company } = one
  other = await startRealtime({
    broker: await broker(),
    tuning,
    jobTuning,
    again: { folder, company },
    openStorage: () => openStorage({ dataDir: folder, exclusive: false }),
  })
})
afterEach(async () => {
  await other.halt()
  await one.stop()
})

/** A visitor on one node, and an agent on the other who watches the visitor's conversation. */
async function apart() {
  const { device: visitor, ready } = await one.visitor()
  const id = ready.conversation?.id as ConversationId
  await visitor.send(id, 'one')
  const { device: agent } = await other.agent()
  const summary = await agent.ask<ConversationSummary>('conversation:watch', { conversationId: id })
  return { visitor, agent, id, summary, session: ready.session?.token }
}

it('[DL11] messages, typing, receipts, presence and the end of a session cross from node to node', async () => {
  const { visitor, agent, id, summary } = await apart()
  expect(summary.online).toBe(true)
  const sent = await visitor.send(id, 'two')
  expect((await agent.message(({ seq }) => seq === 2)).id).toBe(sent.id)
  await agent.ask('typing', { conversationId: id, typing: true })
  await visitor.heard('typing')
  await agent.ask('conversation:read', { conversationId: id, seq: 2 })
  await visitor.heard<ReadReceipt>('receipt', ({ seq }) => seq === 2)
  const answer = { conversationId: id, clientId: newClientId(), body: { text: 'three' } }
  await agent.ask('message:send', answer)
  await visitor.message(({ seq }) => seq === 3)

  const { cookie, token } = await one.agent('Ada')
  expect(cookie).not.toBe('')
  const there = await other.agent('Ada')
  await one.agents.signOut(there.token)
  await there.device.gone()
  expect(token).not.toBe(there.token)
  visitor.close()
  await agent.heard<ConversationSummary>('conversation:updated', ({ online }) => !online)
})

it('[DL11] without Redis a node goes on, and others are told by the head; with it events cross again', async () => {
  const { visitor, agent, id, session } = await apart()
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

  await redis.start()
  for (const node of [one, other])
    await expect.poll(() => node.realtime.stats().isBrokerConnected, { timeout: 20_000 }).toBe(true)
  await visitor.send(id, 'three')
  await agent.message(({ seq }) => seq === 3)
})

it('[JB6] a node that stops in the middle of a job wakes the others, and one of them runs it', async () => {
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
