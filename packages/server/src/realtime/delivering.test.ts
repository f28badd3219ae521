import type { Conversation, ConversationSummary, FetchedMessages, Message } from '@chat-widget/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'
import { DEFAULT_TUNING } from './tuning.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime({
    tuning: { headIntervalMs: 50, sendRate: { burst: 1_000, perSecond: 1_000 } },
  })
})
afterEach(() => server.closeDevices())
afterAll(() => server.stop())

describe('sending', () => {
  it('[DL2] answers a repeated client id with the same seq, and another body with client-id-reused', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    const clientId = newClientId()
    const first = await device.send(conversationId, 'once', clientId)
    expect(await device.send(conversationId, 'once', clientId)).toEqual(first)
    const error = await device.refusal('message:send', { conversationId, clientId, text: 'twice' })
    expect(error.code).toBe('client-id-reused')
    const { messages } = await device.ask<FetchedMessages>('messages:fetch', { conversationId, limit: 10 })
    expect(messages.map(({ text }) => text)).toEqual(['once'])
    expect(device.all<Message>('message')).toHaveLength(1)
  })

  it('[DL2] acknowledges only what is stored', async () => {
    const { device, ready } = await server.visitor()
    const sent = await device.send(ready.conversation!.id, 'stored')
    expect(await server.storage.messages.find(sent.id)).toMatchObject({ text: 'stored', seq: sent.seq })
  })

  it('[DL2] the ack is the stored message, as everybody else is told it', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    const clientId = newClientId()
    const mine = await device.send(conversationId, 'half \ud83d a pair', clientId)
    expect(mine).toMatchObject({ conversationId, clientId, seq: 1, kind: 'text', text: 'half \ufffd a pair' })
    const agent = await server.agent()
    const login = { text: 'Please sign in', button: 'Go' }
    const request = { conversationId, clientId: newClientId(), body: { login } }
    const card = await agent.device.ask<Message>('message:send', request)
    const { messages } = await device.ask<FetchedMessages>('messages:fetch', { conversationId, limit: 10 })
    expect([messages[0], messages.at(-1)]).toEqual([mine, card])
  })

  it('[DL4] tells messages sent at once in the order of their seq, to both sides', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'first')
    const agent = await server.agent()
    await agent.device.ask('conversation:watch', { conversationId })
    const texts = Array.from({ length: 100 }, (_, index) => `m${index}`)
    const acks = await Promise.all(texts.map((text) => device.send(conversationId, text)))
    expect(acks.map(({ seq }: Message) => seq)).toEqual(texts.map((_, index) => index + 2))
    for (const side of [device, agent.device]) {
      await side.message(({ seq }) => seq === 101)
      const told = side.all<Message>('message').filter(({ seq }) => seq > 1)
      expect(told.map(({ text }) => text)).toEqual(texts)
    }
  })

  it('[DL9] limits how fast a device may send', async () => {
    // No time passes, so no allowance returns.
    const at = Date.now()
    const slow = await startRealtime({ now: () => at })
    const { device, ready } = await slow.visitor()
    const conversationId = ready.conversation!.id
    const send = () =>
      device.request('message:send', { conversationId, clientId: newClientId(), text: 'spam' })
    const { burst } = DEFAULT_TUNING.sendRate
    const more = DEFAULT_TUNING.answeredOverLimit
    const results = await Promise.all(Array.from({ length: burst + more }, send))
    const codes = results.map((result) => (result.ok ? 'ok' : result.error.code))
    expect(codes).toEqual([...Array(burst).fill('ok'), ...Array(more).fill('rate-limited')])
    await slow.stop()
  })
})

describe('being told', () => {
  it('[DL3] of the head again and again, so that a gap is noticed', async () => {
    const { device, ready } = await server.visitor()
    const { seq } = await device.send(ready.conversation!.id, 'hi')
    await device.heard<{ headSeq: number }>('head', ({ headSeq }) => headSeq === seq)
  })

  it("[DL3] of the other tab's messages, and pages through what it missed", async () => {
    const first = await server.visitor()
    const second = await server.visitor({ session: first.ready.session?.token })
    const conversationId = first.ready.conversation!.id
    for (const text of ['one', 'two', 'three']) await first.device.send(conversationId, text)
    await second.device.message(({ text }) => text === 'three')
    const page = (range: object) =>
      second.device.ask<FetchedMessages>('messages:fetch', { conversationId, limit: 2, ...range })
    expect(await page({ after: 1 })).toMatchObject({ messages: [{ seq: 2 }, { seq: 3 }], headSeq: 3 })
    expect(await page({ before: 2 })).toMatchObject({ messages: [{ seq: 1 }] })
    expect(await page({})).toMatchObject({ messages: [{ seq: 2 }, { seq: 3 }] })
  })

  it('of a new conversation that another tab began', async () => {
    const first = await server.visitor()
    const second = await server.visitor({ session: first.ready.session?.token })
    await first.device.send(first.ready.conversation!.id, 'old')
    const started = await first.device.ask<Conversation>('conversation:start', {})
    expect(started).toMatchObject({ headSeq: 0, status: 'open' })
    expect(started.id).not.toBe(first.ready.conversation!.id)
    await first.device.send(started.id, 'new')
    const told = await second.device.heard<Conversation>('conversation', ({ id }) => id === started.id)
    expect(told.headSeq).toBe(1)
    expect((await second.device.send(started.id, 'me too')).seq).toBe(2)
  })
})

describe("somebody else's conversation", () => {
  it('does not exist: not for send, fetch, read or typing', async () => {
    const owner = await server.visitor()
    const thief = await server.visitor()
    const agent = await server.agent()
    const conversationId = owner.ready.conversation!.id
    await owner.device.send(conversationId, 'mine')
    await agent.device.ask('conversation:watch', { conversationId })

    for (const [event, payload] of [
      ['message:send', { conversationId, clientId: newClientId(), text: 'yours' }],
      ['messages:fetch', { conversationId, limit: 10 }],
      ['conversation:read', { conversationId, seq: 1 }],
      ['typing', { conversationId, typing: true }],
    ] as const) {
      expect((await thief.device.refusal(event, payload)).code).toBe('not-found')
    }
    await agent.device.ask('conversation:watch', { conversationId })
    expect(agent.device.all('typing')).toEqual([])
    expect((await server.storage.conversations.find(conversationId))?.headSeq).toBe(1)
  })

  it('cannot be made under an id of the sender’s choice', async () => {
    const { device } = await server.visitor()
    const made = { conversationId: crypto.randomUUID(), clientId: newClientId(), text: 'squat' }
    expect((await device.refusal('message:send', made)).code).toBe('not-found')
  })
})

describe('agents', () => {
  it('see a conversation live, answer it, and both sides see each message once and in one order', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'anybody there?')
    const summary = await agent.device.heard<ConversationSummary>(
      'conversation:updated',
      ({ id }) => id === conversationId,
    )
    expect(summary).toMatchObject({ visitor: { verified: false }, online: true, lastMessage: { seq: 1 } })

    await agent.device.ask('conversation:watch', { conversationId })
    await agent.device.ask('message:send', {
      conversationId,
      clientId: newClientId(),
      body: { text: 'I am.' },
    })
    await agent.device.ask('message:send', {
      conversationId,
      clientId: newClientId(),
      body: { login: { text: 'Who are you?', button: 'Sign in' } },
    })
    await device.send(conversationId, 'Ada')
    for (const side of [device, agent.device]) {
      await side.message(({ seq }) => seq === 5)
      const told = side.all<Message>('message').filter((message) => message.conversationId === conversationId)
      const expected = side === device ? [1, 2, 3, 4, 5] : [2, 3, 4, 5]
      expect(told.map(({ seq }) => seq)).toEqual(expected)
    }
    expect(await device.message(({ seq }) => seq === 2)).toMatchObject({
      event: { type: 'joined', agent: { name: 'Grace' } },
    })
    expect(await device.message(({ seq }) => seq === 3)).toMatchObject({
      author: { kind: 'agent', id: expect.any(String), name: 'Grace' },
    })
    expect(await device.message(({ seq }) => seq === 4)).toMatchObject({
      kind: 'login',
      login: { button: 'Sign in', reason: 'message' },
    })
  })

  it('and visitors see each other type and read', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hi')
    await agent.device.ask('conversation:watch', { conversationId })
    agent.device.socket.emit('typing', { conversationId, typing: true })
    expect(await device.heard('typing')).toMatchObject({
      author: { kind: 'agent', id: expect.any(String), name: 'Grace' },
      typing: true,
    })
    device.socket.emit('typing', { conversationId, typing: true })
    expect(await agent.device.heard('typing')).toMatchObject({ author: { kind: 'visitor' }, typing: true })

    await agent.device.ask('conversation:read', { conversationId, seq: 1 })
    expect(await device.heard('receipt')).toEqual({ conversationId, reader: 'agent', seq: 1 })
    await agent.device.ask('message:send', { conversationId, clientId: newClientId(), body: { text: 'ho' } })
    await device.ask('conversation:read', { conversationId, seq: 2 })
    await agent.device.heard<{ reader: string; seq: number }>(
      'receipt',
      ({ reader, seq }) => reader === 'visitor' && seq === 2,
    )
  })

  it('[DL16] and visitors see that the other side holds a message before it is read there', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hi')
    await agent.device.ask('conversation:watch', { conversationId })
    agent.device.socket.emit('conversations:delivered', { positions: [{ conversationId, seq: 1 }] })
    expect(await device.heard('delivered')).toEqual({ conversationId, holder: 'agent', seq: 1 })
    await agent.device.ask('message:send', { conversationId, clientId: newClientId(), body: { text: 'ho' } })
    const [stranger] = [await server.visitor()]
    stranger.device.socket.emit('conversation:delivered', { conversationId, seq: 2 })
    await stranger.device.ask('conversations:list', {})
    device.socket.emit('conversation:delivered', { conversationId, seq: 2 })
    await agent.device.heard<{ holder: string }>('delivered', ({ holder }) => holder === 'visitor')
    const summary = await agent.device.ask<ConversationSummary>('conversation:watch', { conversationId })
    expect(summary).toMatchObject({ agentDeliveredSeq: 1, visitorDeliveredSeq: 2, visitorReadSeq: 1 })
    await device.ask('conversation:read', { conversationId, seq: 2 })
    device.socket.emit('conversation:delivered', { conversationId, seq: 2 })
    agent.device.socket.emit('conversations:delivered', { positions: [{ conversationId, seq: 1 }] })
    await agent.device.ask('conversation:watch', { conversationId })
    await device.ask('conversations:list', {})
    expect(agent.device.all<{ holder: string }>('delivered').map(({ holder }) => holder)).toEqual([
      'agent',
      'visitor',
    ])
  })

  it('close a conversation, which says so, and the visitor’s next message opens it again', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'bye')
    await Promise.all([
      agent.device.ask('conversation:close', { conversationId }),
      agent.device.ask('conversation:close', { conversationId }),
    ])
    expect(await device.message(({ kind }) => kind === 'event')).toMatchObject({ event: { type: 'closed' } })
    await device.heard<Conversation>('conversation', ({ status }) => status === 'closed')
    expect((await device.send(conversationId, 'one more thing')).seq).toBe(4)
    expect(await device.message(({ seq }) => seq === 3)).toMatchObject({ event: { type: 'reopened' } })
    const reopened = (summary: ConversationSummary) => summary.headSeq === 4 && summary.status === 'open'
    await agent.device.heard('conversation:updated', reopened)
  })

  it('see whether the visitor is there', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'hi')
    const is = (online: boolean) => (summary: ConversationSummary) =>
      summary.id === conversationId && summary.online === online
    await agent.device.heard('conversation:updated', is(true))
    device.close()
    await agent.device.heard('conversation:updated', is(false))
  })

  it('list and read any conversation, and stop hearing one that they no longer watch', async () => {
    const agent = await server.agent()
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'listed')
    const page = await agent.device.ask<{ conversations: ConversationSummary[] }>('conversations:list', {
      app: 'shop',
      limit: 100,
    })
    expect(page.conversations[0]).toMatchObject({ id: conversationId, lastMessage: { text: 'listed' } })
    const fetched = await agent.device.ask<FetchedMessages>('messages:fetch', { conversationId, limit: 5 })
    expect(fetched.messages.map(({ text }) => text)).toEqual(['listed'])

    await agent.device.ask('conversation:watch', { conversationId })
    await agent.device.ask('conversation:unwatch', { conversationId })
    await device.send(conversationId, 'unheard')
    await agent.device.heard<ConversationSummary>('conversation:updated', ({ headSeq }) => headSeq === 2)
    expect(agent.device.all<Message>('message')).toEqual([])
  })

  it('are cut when their console session ends', async () => {
    const agent = await server.agent()
    await server.agents.signOut(agent.token)
    expect(await agent.device.heard('session:ended')).toMatchObject({ code: 'session-invalid' })
    await agent.device.gone()
  })
})

describe('agents', () => {
  it('are told how many messages wait in all conversations', async () => {
    const counts = (agent: { readonly all: <Value>(name: string) => readonly Value[] }) =>
      agent.all<{ count: number }>('unread').map(({ count }) => count)
    const first = await server.agent()
    const before = (await first.device.heard<{ count: number }>('unread')).count
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'one')
    await device.send(conversationId, 'two')
    await expect.poll(() => counts(first.device).at(-1)).toBe(before + 2)
    const second = await server.agent()
    await expect.poll(() => counts(second.device)[0]).toBe(before + 2)
    await second.device.ask('conversation:read', { conversationId, seq: 2 })
    await expect.poll(() => counts(first.device).at(-1)).toBe(before)
  })
})
