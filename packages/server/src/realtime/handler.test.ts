/** A conversation's handler, bot or agents, and the change from one to the other. */
import type { ConversationSummary, Message } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import type { Storage } from '../storage/storage.ts'
import { type StartOptions, startRealtime, type TestRealtime } from './realtime.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options: StartOptions = {}) {
  const server = await startRealtime({ withBot: true, ...options })
  servers.push(server)
  const { device, ready } = await server.visitor()
  const { device: agent } = await server.agent()
  const conversationId = ready.conversation!.id
  await agent.ask('conversations:list', { limit: 10 })
  const handler = async () =>
    (await agent.ask<ConversationSummary>('conversation:watch', { conversationId })).handler
  const asked = () =>
    server.company.botCalls.map(({ request }) => request.type === 'message' && request.message.text)
  return { server, device, agent, conversationId, handler, asked }
}

it('[BT1] begins with the bot again when it is closed and opened again', async () => {
  const { server, device, agent, conversationId, handler, asked } = await start()
  server.company.behaviour.bot = () => ({ handOver: true })
  await device.send(conversationId, 'first')
  await device.message(({ kind }) => kind === 'event')
  expect(await handler()).toBe('agents')
  server.company.behaviour.bot = () => ({ messages: [{ text: 'hello again' }] })
  await agent.ask('conversation:close', { conversationId })
  await device.send(conversationId, 'second')
  await device.message(({ text }) => text === 'hello again')
  expect(await handler()).toBe('bot')
  expect(asked()).toEqual(['first', 'second'])
})

it('[BT1] goes back to the bot, and over to the agents, when an agent says so', async () => {
  const { server, device, agent, conversationId, handler, asked } = await start()
  server.company.behaviour.bot = () => ({ messages: [] })
  const hand = (to: 'bot' | 'agents') => agent.ask('conversation:hand', { conversationId, handler: to })
  await device.send(conversationId, 'to the bot')
  await expect.poll(asked).toEqual(['to the bot'])
  await hand('agents')
  await hand('agents')
  expect(await handler()).toBe('agents')
  await device.send(conversationId, 'to the agents')
  await hand('bot')
  expect(await handler()).toBe('bot')
  await device.send(conversationId, 'to the bot again')
  await expect.poll(asked).toEqual(['to the bot', 'to the bot again'])
  await server.realtime.conversations.setHandler(conversationId, 'agents', 'company-asked')
  const events = () =>
    device.all<Message>('message').flatMap((one) => (one.kind === 'event' ? [one.event] : []))
  const handed = { type: 'handed-to-agents' }
  await expect
    .poll(events)
    .toEqual([
      { ...handed, cause: 'agent-joined' },
      { type: 'handed-to-bot' },
      { ...handed, cause: 'company-asked' },
    ])
})

it('[BT1] is not handed to a bot that the app does not have', async () => {
  const { device, agent, conversationId } = await start({ withBot: false })
  await device.send(conversationId, 'hello')
  const error = await agent.refusal('conversation:hand', { conversationId, handler: 'bot' })
  expect(error.code).toBe('bad-request')
})

it('[BT2] drops the answer of a bot whose conversation was closed meanwhile, and tells the bot', async () => {
  const { server, device, agent, conversationId } = await start()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  server.company.behaviour.bot = async ({ request }) => {
    if (request.type === 'message') await held
    return { messages: [{ text: 'too late' }] }
  }
  await device.send(conversationId, 'hello')
  await expect.poll(() => server.company.botCalls.length).toBe(1)
  await agent.ask('conversation:close', { conversationId })
  release()
  await expect.poll(() => server.company.botCalls.at(-1)?.request.type).toBe('conversation-closed')
  await expect.poll(() => server.storage.botDeliveries.count()).toBe(0)
  const messages = await server.storage.messages.list({ conversationId, limit: 10 })
  expect(messages.map(({ text }) => text)).toEqual(['hello', 'The conversation was closed.'])
})

it('[BT2] drops what was asked before the closing, too, where the visitor has opened the conversation again', async () => {
  const { server, device, agent, conversationId } = await start()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  server.company.behaviour.bot = async ({ request }) => {
    if (request.type !== 'message') return {}
    if (request.message.text === 'first') await held
    return { messages: [{ text: `re: ${request.message.text}` }] }
  }
  await device.send(conversationId, 'first')
  await expect.poll(() => server.company.botCalls.length).toBe(1)
  await device.send(conversationId, 'waits behind it')
  await agent.ask('conversation:close', { conversationId })
  await device.send(conversationId, 'anew')
  release()
  await device.message(({ text }) => text === 're: anew')
  const messages = await server.storage.messages.list({ conversationId, limit: 10 })
  expect(messages.map(({ text }) => text)).toEqual([
    'first',
    'waits behind it',
    'The conversation was closed.',
    'The conversation was opened again.',
    'anew',
    're: anew',
  ])
  const told = server.company.botCalls.map(({ request }) =>
    request.type === 'message' ? request.message.text : request.type,
  )
  expect(told).toEqual(['first', 'conversation-closed', 'anew'])
})

it('[BT3] [OP4] goes to the agents when its bot is taken out of the configuration of a running server', async () => {
  const { server, device, conversationId } = await start()
  server.company.behaviour.bot = () => ({ messages: [{ text: 'here' }] })
  await device.send(conversationId, 'hello')
  await device.message(({ text }) => text === 'here')
  server.apps.replace(server.apps.list.map(({ bot: _, ...app }) => app))
  await expect
    .poll(async () => (await server.storage.conversations.find(conversationId))?.handler)
    .toBe('agents')
})

it('[BT3] goes to the agents when its bot is taken out of the configuration', async () => {
  const first = await start()
  first.server.company.behaviour.bot = () => ({ messages: [{ text: 'here' }] })
  await first.device.send(first.conversationId, 'hello')
  await first.device.message(({ text }) => text === 'here')
  const { conversationId } = first
  await first.server.halt()
  servers.splice(0)

  const { folder, company } = first.server
  const second = await startRealtime({ again: { folder, company } })
  servers.push(second)
  await expect
    .poll(async () => (await second.storage.conversations.find(conversationId))?.handler)
    .toBe('agents')
  const messages = await second.storage.messages.list({ conversationId, limit: 10 })
  expect(messages.at(-1)).toMatchObject({
    kind: 'event',
    event: { type: 'handed-to-agents', cause: 'bot-failed' },
  })
})

it('[BT3] what bots are owed does not wait for the search for those that are gone, which follows start and reload only', async () => {
  const first = await start({
    // The server ends before it calls the bot.
    wrapStorage: (storage) => ({
      ...storage,
      jobs: { ...storage.jobs, lease: () => Promise.reject(new Error('the process is gone')) },
    }),
    tuning: { botRestMs: 60_000 },
    jobTuning: { restMs: 60_000, pollMs: 3_600_000 },
  })
  await first.device.send(first.conversationId, 'hello')
  await first.server.halt()
  servers.splice(0)

  const { folder, company } = first.server
  let searches = 0
  let reads = 0
  let tellUncertain = () => {}
  const second = await startRealtime({
    again: { folder, company },
    tuning: { botRestMs: 60_000 },
    jobTuning: { restMs: 60_000, pollMs: 3_600_000 },
    wrapStorage: (storage): Storage => ({
      ...storage,
      onUncertain(listener) {
        tellUncertain = listener
        return storage.onUncertain(listener)
      },
      conversations: {
        ...storage.conversations,
        ofBot: () => {
          searches += 1
          return Promise.reject(new Error('the search fails'))
        },
      },
      jobs: {
        ...storage.jobs,
        lease: (request) => {
          if (request.kind === 'bot-delivery') reads += 1
          return storage.jobs.lease(request)
        },
      },
    }),
  })
  servers.push(second)
  // The stored delivery finds that the bot is gone.
  await expect
    .poll(async () => (await second.storage.conversations.find(first.conversationId))?.handler)
    .toBe('agents')
  await expect.poll(() => second.storage.botDeliveries.count()).toBe(0)
  const before = reads
  tellUncertain()
  await expect.poll(() => reads).toBeGreaterThan(before)
  expect(searches).toBe(1)
})
