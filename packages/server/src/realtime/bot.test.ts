import type { Authenticated, ConversationSummary, Message, TypingNotice } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { noteLeases } from '../jobs/noted-leases.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { authentication, type StartOptions, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options: StartOptions = {}) {
  const server = await startRealtime({ withBot: true, ...options })
  servers.push(server)
  return server
}

/** The bot's messages of a conversation, in order. */
async function botTexts(
  storage: Storage,
  conversationId: Message['conversationId'],
): Promise<readonly string[]> {
  const messages = await storage.messages.list({ conversationId, limit: 200 })
  return messages.filter(({ author }) => author.kind === 'bot').map(({ text }) => text)
}

const textOf = (call: { readonly request: { readonly type: string; readonly message?: Message } }) =>
  call.request.message?.text

describe('the bot', () => {
  it('is asked by a signed webhook, types while it thinks, and its answer is posted in order', async () => {
    const { company, visitor, agent } = await start()
    company.behaviour.bot = () => ({ messages: [{ text: 'one' }, { text: 'two' }, { login: {} }] })
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    expect(await device.message(({ seq }) => seq === 4)).toMatchObject({
      kind: 'login',
      author: { kind: 'bot' },
      text: 'Please sign in to continue.',
      login: { button: 'Sign in', reason: 'message' },
    })
    expect(device.all<Message>('message').map(({ text }) => text)).toEqual([
      'hello',
      'one',
      'two',
      'Please sign in to continue.',
    ])
    expect(company.botCalls.map(({ request }) => request)).toEqual([
      {
        type: 'message',
        app: 'shop',
        conversation: { id: conversationId },
        visitor: { verified: false },
        message: expect.objectContaining({ seq: 1, text: 'hello', author: { kind: 'visitor' } }),
      },
    ])
    expect(device.all('typing')).toEqual([
      { conversationId, author: { kind: 'bot' }, typing: true },
      { conversationId, author: { kind: 'bot' }, typing: false },
    ])
    expect(await device.heard('receipt')).toEqual({ conversationId, reader: 'agent', seq: 1 })
    const { device: console } = await agent()
    const watched = await console.ask<ConversationSummary>('conversation:watch', { conversationId })
    expect(watched.handler).toBe('bot')
  })

  it('[BO2] that streams is shown as it writes; its answer alone is stored, and takes the text’s place', async () => {
    const { company, storage, visitor } = await start()
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    company.behaviour.bot = () => ({
      async stream(write) {
        write({ delta: 'Your **or' })
        await released
        write({ delta: 'der**' })
        write({ messages: [{ text: 'Your **order**' }] })
      },
    })
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    const writing = { conversationId, author: { kind: 'bot', text: 'Your **or' }, typing: true }
    expect(await device.heard<TypingNotice>('typing', ({ author }) => author.text !== undefined)).toEqual(
      writing,
    )
    expect(await botTexts(storage, conversationId)).toEqual([])
    release()
    await device.message(({ text }) => text === 'Your **order**')
    await device.heard<TypingNotice>('typing', ({ typing }) => !typing)
    expect(await botTexts(storage, conversationId)).toEqual(['Your **order**'])
  })

  it('[BO2] that streams is not listened to any more once an agent wrote', async () => {
    const { company, storage, visitor, agent } = await start()
    let isOver = false
    company.behaviour.bot = () => ({
      async stream(write, closed) {
        const timer = setInterval(() => write({ delta: '.' }), 20)
        await closed
        clearInterval(timer)
        isOver = true
      },
    })
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    await device.heard<TypingNotice>('typing', ({ author }) => author.text !== undefined)
    const { device: console } = await agent()
    await console.ask('message:send', {
      conversationId,
      clientId: newClientId(),
      body: { text: 'I am here' },
    })
    await expect.poll(() => isOver).toBe(true)
    await device.heard<TypingNotice>('typing', ({ author, typing }) => author.kind === 'bot' && !typing)
    expect(await botTexts(storage, conversationId)).toEqual([])
    expect(company.botCalls).toHaveLength(1)
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
  })

  it.each<[string, (write: (line: unknown) => void) => void]>([
    ['breaks off', (write) => write({ delta: 'Your' })],
    ['ends as it began', (write) => write({ delta: 7 })],
  ])('[BO2] whose stream %s is asked again', async (_what, stream) => {
    const { company, storage, visitor } = await start()
    company.behaviour.bot = () =>
      company.botCalls.length === 1 ? { stream } : { messages: [{ text: 'answer' }] }
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.message(({ text }) => text === 'answer')
    expect(company.botCalls[1]?.id).toBe(company.botCalls[0]?.id)
    expect(await botTexts(storage, ready.conversation!.id)).toEqual(['answer'])
  })

  it('gets the messages of one conversation strictly one after the other', async () => {
    const { company, visitor, storage } = await start()
    let busy = 0
    let most = 0
    company.behaviour.bot = async (call) => {
      busy += 1
      most = Math.max(most, busy)
      await new Promise((resolve) => setImmediate(resolve))
      busy -= 1
      return { messages: [{ text: `re: ${textOf(call)}` }] }
    }
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    const texts = Array.from({ length: 8 }, (_, index) => `m${index}`)
    await Promise.all(texts.map((text) => device.send(conversationId, text)))
    await expect.poll(() => botTexts(storage, conversationId)).toEqual(texts.map((text) => `re: ${text}`))
    expect(most).toBe(1)
  })

  it('of a slow conversation does not hold up another one', async () => {
    const { company, visitor } = await start()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    company.behaviour.bot = async (call) => {
      if (textOf(call) === 'slow') await held
      return { messages: [{ text: `re: ${textOf(call)}` }] }
    }
    const slow = await visitor()
    const quick = await visitor()
    await slow.device.send(slow.ready.conversation!.id, 'slow')
    await expect.poll(() => company.botCalls.length).toBe(1)
    await quick.device.send(quick.ready.conversation!.id, 'quick')
    await quick.device.message(({ text }) => text === 're: quick')
    release()
    await slow.device.message(({ text }) => text === 're: slow')
  })

  it('that fails is tried again under the same id, and its answer is posted once', async () => {
    const { company, visitor, storage } = await start()
    company.behaviour.bot = () =>
      company.botCalls.length < 3 ? { status: 503 } : { messages: [{ text: 'sorry, here I am' }] }
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.message(({ text }) => text === 'sorry, here I am')
    expect(company.botCalls).toHaveLength(3)
    expect(new Set(company.botCalls.map(({ id }) => id)).size).toBe(1)
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
  })

  it('that fails three times is relieved: the agents answer, and it is not called again', async () => {
    const { company, visitor, agent, storage } = await start()
    company.behaviour.bot = () => ({ status: 500 })
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    expect(await device.message(({ kind }) => kind === 'event')).toMatchObject({
      author: { kind: 'system' },
      event: { type: 'handed-to-agents', cause: 'bot-failed' },
    })
    expect(company.botCalls).toHaveLength(3)
    const { device: console } = await agent()
    const summary = await console.ask<ConversationSummary>('conversation:watch', { conversationId })
    expect(summary.handler).toBe('agents')
    await device.send(conversationId, 'anybody?')
    await console.message(({ text }) => text === 'anybody?')
    // Once nothing is owed to it, a call would have been made.
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
    expect(company.botCalls).toHaveLength(3)
  })

  it.each([
    ['refuses the request', { status: 400 }, 1],
    ['redirects', { status: 307, headers: { location: '/elsewhere' } }, 1],
    ['is busy', { status: 429 }, 3],
    ['is not there', { status: 404 }, 1],
    ['answers what is no JSON', { status: 200, body: '<p>' }, 1],
    ['answers ok', { status: 200, body: 'ok', headers: { 'content-type': 'text/plain' } }, 1],
    [
      'answers something unknown',
      { status: 200, body: '{"html":"<b>"}', headers: { 'content-type': 'application/json' } },
      1,
    ],
    [
      'answers more than 256 KiB',
      { status: 200, body: `"${'x'.repeat(300_000)}"`, headers: { 'content-type': 'application/json' } },
      1,
    ],
  ])('[BO1] that %s is handed over after as many calls as make sense', async (_title, reply, calls) => {
    const { company, visitor } = await start()
    company.behaviour.bot = () => reply
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.message(({ kind }) => kind === 'event')
    expect(company.botCalls).toHaveLength(calls)
    expect(company.apiCalls).toEqual([])
  })

  it('[BO1] is heard where a part of its answer is of no use, which the log names, and also as plain text', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    const { company, visitor } = await start({ logger })
    const body = JSON.stringify({ messages: [{ text: '' }, { text: 'still here' }] })
    company.behaviour.bot = () => ({ status: 200, body, headers: { 'content-type': 'text/plain' } })
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.message(({ text }) => text === 'still here')
    expect(company.botCalls).toHaveLength(1)
    expect(lines.map((line) => JSON.parse(line).problems)).toEqual([['messages[0].text: must not be empty']])
  })

  it('hands over by itself', async () => {
    const { company, visitor } = await start()
    company.behaviour.bot = () => ({ messages: [{ text: 'one moment' }], handOver: true })
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'a human, please')
    const event = await device.message(({ kind }) => kind === 'event')
    expect(event).toMatchObject({ seq: 3, event: { type: 'handed-to-agents', cause: 'bot-asked' } })
  })

  it('is silent once an agent wrote, also with an answer that was under way', async () => {
    const { company, visitor, agent, storage } = await start()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    company.behaviour.bot = async () => {
      await held
      return { messages: [{ text: 'too late' }] }
    }
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    await expect.poll(() => company.botCalls.length).toBe(1)
    const { device: console } = await agent()
    await console.ask('message:send', {
      conversationId,
      clientId: newClientId(),
      body: { text: 'I take this' },
    })
    release()
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
    await device.send(conversationId, 'thanks')
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
    expect(await botTexts(storage, conversationId)).toEqual([])
    expect(company.botCalls).toHaveLength(1)
  })

  it('[ID15] is asked again, about a verified visitor, what its login card blocked, and once', async () => {
    const { company, visitor, storage } = await start()
    company.behaviour.bot = (call) =>
      call.request.visitor.verified
        ? { messages: [{ text: `hello ${call.request.visitor.userIdentifier}` }] }
        : { messages: [{ login: { text: 'Who are you?', button: 'Sign in' } }] }
    const { device, ready } = await visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'where is my order?')
    await device.message(({ kind }) => kind === 'login')
    await device.ask('identity:authenticate', await authentication())
    expect(await device.message(({ kind }) => kind === 'event')).toMatchObject({
      event: { type: 'signed-in', userIdentifier: 'ada' },
    })
    await device.message(({ text }) => text === 'hello ada')
    expect(company.botCalls.map(textOf)).toEqual(['where is my order?', 'where is my order?'])

    await device.ask('identity:authenticate', await authentication({ id: 'renewal' }))
    await device.send(conversationId, 'and now?')
    await expect
      .poll(() => company.botCalls.map(textOf))
      .toEqual(['where is my order?', 'where is my order?', 'and now?'])
    await expect.poll(() => storage.botDeliveries.count()).toBe(0)
    const messages = await storage.messages.list({ conversationId, limit: 50 })
    expect(messages.filter(({ kind }) => kind === 'event')).toHaveLength(1)
  })
})

describe('a login card of the bot', () => {
  it('is not shown to a visitor who signed in while the bot was thinking', async () => {
    const { company, visitor } = await start()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    company.behaviour.bot = async ({ request }) => {
      if (request.visitor.verified) return { messages: [{ text: `hello ${request.visitor.userIdentifier}` }] }
      await held
      return { messages: [{ login: {} }] }
    }
    const { device, ready } = await visitor()
    await device.send(ready.conversation!.id, 'where is my order?')
    await expect.poll(() => company.botCalls.length).toBe(1)
    await device.ask('identity:authenticate', await authentication())
    release()
    await device.message(({ text }) => text === 'hello ada')
    expect(device.all<Message>('message').map(({ kind }) => kind)).toEqual(['text', 'text'])
    expect(new Set(company.botCalls.map(({ id }) => id)).size).toBe(2)
  })

  it('shown to a verified visitor does not come again with every renewal', async () => {
    const { company, visitor } = await start()
    company.behaviour.bot = () => ({ messages: [{ login: {} }] })
    const { device } = await visitor({ intent: 'identify' })
    const { conversation } = await device.ask<Authenticated>('identity:authenticate', await authentication())
    await device.send(conversation.id, 'change my password')
    await device.message(({ kind }) => kind === 'login')
    await device.ask('identity:authenticate', await authentication({ id: 'renewal' }))
    await device.message(({ kind }) => kind === 'event')
    await device.send(conversation.id, 'and now?')
    await expect.poll(() => company.botCalls.map(textOf)).toEqual(['change my password', 'and now?'])
  })
})

describe('a crash', () => {
  it('between posting and done neither loses nor doubles an answer', async () => {
    const first = await start({
      // The server dies before it stores that the delivery is done.
      wrapStorage: (storage) => ({
        ...storage,
        jobs: { ...storage.jobs, done: () => Promise.reject(new Error('the process is gone')) },
      }),
      tuning: { botRestMs: 60_000 },
      jobTuning: { restMs: 60_000, pollMs: 3_600_000 },
    })
    first.company.behaviour.bot = () => ({ messages: [{ text: 'one' }, { text: 'two' }] })
    const { device, ready } = await first.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hello')
    await device.message(({ text }) => text === 'two')
    await device.send(conversationId, 'more?')
    await first.halt()
    servers.splice(0)

    const { folder, company } = first
    const second = await start({ again: { folder, company } })
    await expect.poll(() => second.storage.botDeliveries.count()).toBe(0)
    expect(await botTexts(second.storage, conversationId)).toEqual(['one', 'two', 'one', 'two'])
    const asked = company.botCalls.map((call) => [call.id, textOf(call)] as const)
    expect(asked.map(([, text]) => text)).toEqual(['hello', 'hello', 'more?'])
    expect(asked[0]?.[0]).toBe(asked[1]?.[0])
  })
})

it('[JB2] a server that starts on the same database while a bot answers does not ask it again', async () => {
  const first = await start({ ownFile: true })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  first.company.behaviour.bot = async () => {
    await held
    return { messages: [{ text: 'one' }] }
  }
  const { device, ready } = await first.visitor()
  await device.send(ready.conversation!.id, 'hello')
  await expect.poll(() => first.company.botCalls).toHaveLength(1)
  const { leases, wrapStorage } = noteLeases()
  const second = await startRealtime({
    withBot: true,
    again: first,
    openStorage: () => openStorage({ dataDir: first.folder, exclusive: false }),
    wrapStorage,
  })
  try {
    await expect.poll(() => leases.length).toBeGreaterThan(1)
    release()
    await device.message(({ text }) => text === 'one')
    await expect.poll(() => first.storage.jobs.count()).toEqual([])
    expect(first.company.botCalls).toHaveLength(1)
    expect(leases.flat()).toEqual([])
  } finally {
    await second.halt()
  }
})

describe('a restart', () => {
  it('brings what is owed from before ahead of what comes in meanwhile', async () => {
    const first = await start({
      // The server dies before it calls the bot.
      wrapStorage: (storage) => ({
        ...storage,
        jobs: { ...storage.jobs, lease: () => Promise.reject(new Error('the process is gone')) },
      }),
      tuning: { botRestMs: 60_000 },
      jobTuning: { restMs: 60_000, pollMs: 3_600_000 },
    })
    const { device, ready } = await first.visitor()
    const conversationId = ready.conversation!.id
    const send = (text: string) => device.send(conversationId, text)
    await Promise.all([send('one'), send('two')])
    await first.halt()
    servers.splice(0)

    const { folder, company } = first
    const second = await start({ again: { folder, company } })
    const again = await second.visitor({ session: ready.session?.token })
    await again.device.send(conversationId, 'three')
    await expect.poll(() => company.botCalls.map(textOf)).toEqual(['one', 'two', 'three'])
  })
})
