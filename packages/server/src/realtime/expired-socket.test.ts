/** [ID10] Requests and events of a socket whose context has ended, by a server's clock that the test sets. */
import type {
  Authenticated,
  ConversationId,
  FetchedMessages,
  ServerToVisitorEvents,
  VisitorToServerEvents,
} from '@chat-widget/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { erasureJob } from '../storage/erase-rows.ts'
import type { Storage } from '../storage/storage.ts'
import { authentication, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, type TestDevice } from './test-device.testing.ts'

const MINUTE = 60_000
/** Long, so that a slow machine stays within it. */
const GRACE = 10 * MINUTE

/** Time by which the server's clock is ahead of the machine's. */
let ahead = 0
const now = () => Date.now() + ahead

/** The database answers once this resolves. */
let answering: Promise<void> = Promise.resolve()
function holdAnswers(): () => void {
  let letGo = () => {}
  answering = new Promise((resolve) => (letGo = resolve))
  return letGo
}
const slowStorage = (storage: Storage): Storage => ({
  ...storage,
  sessions: {
    ...storage.sessions,
    async reserveConversation(id) {
      const reserved = await storage.sessions.reserveConversation(id)
      await answering
      return reserved
    },
  },
  conversations: {
    ...storage.conversations,
    async current(session) {
      const current = await storage.conversations.current(session)
      await answering
      return current
    },
  },
})

let server: TestRealtime
beforeAll(async () => {
  const generous = { burst: 1_000, perSecond: 1_000 }
  const tuning = {
    contextGraceMs: GRACE,
    headIntervalMs: 20,
    visitorRate: generous,
    sendRate: generous,
    agentRate: generous,
    authenticateRate: generous,
  }
  server = await startRealtime({ tuning, now, wrapStorage: slowStorage })
})
afterEach(() => server.closeDevices())
afterAll(() => server.stop())

let customers = 0
const contextFor = (sub: string, lifetimeMs: number) =>
  authentication({ sub, expiresInMs: ahead + lifetimeMs, id: newClientId() })

interface SignedIn {
  readonly device: TestDevice
  readonly sub: string
  readonly token: string
  readonly conversationId: ConversationId
  /** By the server's clock. */
  readonly expiresAt: number
}

async function signIn(sub = `customer-${++customers}`, lifetimeMs = 10 * MINUTE): Promise<SignedIn> {
  const { device } = await server.visitor({ intent: 'identify' })
  const answer = await device.ask<Authenticated>('identity:authenticate', await contextFor(sub, lifetimeMs))
  return {
    device,
    sub,
    token: answer.session!.token,
    conversationId: answer.conversation.id,
    expiresAt: answer.identity.expiresAt!,
  }
}

interface World {
  readonly control: TestDevice
  readonly agent: TestDevice
  readonly conversationId: ConversationId
}

/** A customer whose context ends, another device of theirs whose context does not, and an agent they talk to. */
async function conversation(): Promise<World & { readonly ending: SignedIn }> {
  const ending = await signIn()
  const { conversationId } = ending
  await ending.device.send(conversationId, 'hello')
  const control = await signIn(ending.sub, 24 * 60 * MINUTE)
  const agent = await server.agent()
  await agent.device.ask('conversation:watch', { conversationId })
  return { ending, control: control.device, agent: agent.device, conversationId }
}

const setClock = (to: number) => {
  ahead += to - now()
}

/**
 * Every request that needs a context (traces report what happened, and a login inside the chat leads to a new context).
 * A new request does not compile until it is listed here.
 */
type Gated = Exclude<
  keyof VisitorToServerEvents,
  | 'identity:authenticate'
  | 'identity:sign-out'
  | 'identity:trace'
  | `authentication-request:${string}`
  | 'typing'
>
const REQUESTS: {
  readonly [Event in Gated]: (conversationId: ConversationId) => Parameters<VisitorToServerEvents[Event]>[0]
} = {
  'conversation:start': () => ({}),
  'conversation:show': (conversationId) => ({ conversationId }),
  'conversation:rate': (conversationId) => ({ conversationId, rating: 3 }),
  'conversations:list': () => ({}),
  'conversation:read': (conversationId) => ({ conversationId, seq: 1 }),
  'conversation:delivered': (conversationId) => ({ conversationId, seq: 1 }),
  'message:send': (conversationId) => ({ conversationId, clientId: newClientId(), text: 'mine' }),
  'messages:fetch': (conversationId) => ({ conversationId, limit: 10 }),
  'file:upload': () => ({ name: 'tent.png', size: 1_000 }),
}
const requests = Object.entries(REQUESTS)

/**
 * Every event about conversations, and a way to make the server send it. A new event does not compile until it is
 * listed here.
 */
type Withheld = Exclude<
  keyof ServerToVisitorEvents,
  'ready' | 'app' | 'context:needed' | 'authentication-request' | 'session:ended' | 'wait'
>
const NEWS: {
  readonly [Event in Withheld]: (world: World) => Promise<unknown>
} = {
  message: ({ agent, conversationId }) =>
    agent.ask('message:send', { conversationId, clientId: newClientId(), body: { text: 'news' } }),
  // Sent on every socket, every `headIntervalMs`.
  head: () => Promise.resolve(),
  receipt: async ({ agent, control, conversationId }) => {
    const { seq } = await control.send(conversationId, 'read this')
    await agent.ask('conversation:read', { conversationId, seq })
  },
  delivered: async ({ agent, control, conversationId }) => {
    const { seq } = await control.send(conversationId, 'hold this')
    agent.socket.emit('conversations:delivered', { positions: [{ conversationId, seq }] })
  },
  typing: async ({ agent, conversationId }) => agent.socket.emit('typing', { conversationId, typing: true }),
  conversation: ({ agent, conversationId }) => agent.ask('conversation:close', { conversationId }),
  'conversations:deleted': async ({ conversationId }) => {
    const { owner, app } = (await server.storage.conversations.find(conversationId))!
    const expired = [{ id: newClientId() as string as ConversationId, owner }]
    const work = { app, sessions: [], expired, files: [], isPerson: false }
    await server.storage.jobs.add([erasureJob(work, Date.now())])
    server.jobs.wake('erasure')
  },
}
const news = Object.entries(NEWS)
const toldOfConversations = ({ told }: TestDevice) =>
  told.map(({ event }) => event).filter((event) => event in NEWS)

/** Waits until the socket has checked the clock again, as it does before each head. */
async function looksAtTheClock({ device, conversationId }: Pick<SignedIn, 'device' | 'conversationId'>) {
  // Answered after every head that began before.
  await device.ask('messages:fetch', { conversationId, limit: 1 })
  const before = device.all('head').length
  await expect.poll(() => device.all('head').length).toBeGreaterThan(before)
}

describe('[ID10] a renewal in time', () => {
  it('is never noticed', async () => {
    const customer = await signIn()
    const { device, sub, conversationId, expiresAt } = customer
    await device.send(conversationId, 'hello')
    await device.ask('identity:authenticate', await contextFor(sub, 60 * MINUTE))
    setClock(expiresAt + GRACE)
    await looksAtTheClock(customer)
    expect(device.all('context:needed')).toEqual([])
    expect((await device.send(conversationId, 'on')).seq).toBe(2)
  })

  it('puts it off for the other tabs, too', async () => {
    const { device, sub, token, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    const tab = await server.visitor({ session: token })
    await device.ask('identity:authenticate', await contextFor(sub, 60 * MINUTE))
    setClock(expiresAt)
    await looksAtTheClock({ device: tab.device, conversationId })
    setClock(expiresAt + GRACE)
    expect((await tab.device.send(conversationId, 'on')).seq).toBe(2)
    expect(tab.device.all('context:needed')).toEqual([])
  })
})

describe('[ID10] within the grace', () => {
  it.each(requests)('%s is answered', async (event, payload) => {
    const { device, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    // Only a closed one is rated.
    if (event === 'conversation:rate') await server.realtime.conversations.close(conversationId)
    setClock(expiresAt + GRACE - MINUTE)
    expect(await device.request(event, payload(conversationId))).toMatchObject({ ok: true })
  })

  it('the device is told that a context is needed, and hears everything', async () => {
    const { ending, ...world } = await conversation()
    const { device } = ending
    setClock(ending.expiresAt + GRACE - MINUTE)
    expect(await device.heard('context:needed')).toEqual({ refresh: true, cause: 'expired' })
    device.told.length = 0
    for (const [event, tell] of news) {
      await tell(world)
      await device.heard(event)
    }
  })
})

describe('[ID10] from the end of the grace on', () => {
  it.each(requests)('%s is answered context-expired', async (event, payload) => {
    const { device, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    setClock(expiresAt + GRACE)
    expect((await device.refusal(event, payload(conversationId))).code).toBe('context-expired')
  })

  it('nothing of a conversation is delivered, and typing has no effect', async () => {
    const { ending, ...world } = await conversation()
    const { control, agent, conversationId } = world
    const { device } = ending
    setClock(ending.expiresAt + GRACE)
    await device.refusal('messages:fetch', { conversationId, limit: 1 })
    device.told.length = 0
    control.told.length = 0
    agent.told.length = 0

    device.socket.emit('typing', { conversationId, typing: true })
    for (const [event, tell] of news) {
      await tell(world)
      await control.heard(event)
    }
    control.socket.emit('typing', { conversationId, typing: false })
    await agent.heard('typing', ({ author }: { author: { kind: string } }) => author.kind === 'visitor')
    // Answered last: events for this socket would have arrived before.
    await device.refusal('messages:fetch', { conversationId, limit: 1 })

    expect(toldOfConversations(device)).toEqual([])
    const typed = agent.all<{ author: { kind: string }; typing: boolean }>('typing')
    expect(typed.filter(({ author }) => author.kind === 'visitor').map(({ typing }) => typing)).toEqual([
      false,
    ])
  })

  it('nothing is delivered to a device that asks for nothing either', async () => {
    const { ending, control, agent, conversationId } = await conversation()
    setClock(ending.expiresAt + GRACE)
    const hears = async () => {
      const clientId = newClientId()
      await agent.ask('message:send', { conversationId, clientId, body: { text: 'news' } })
      await control.message((message) => message.clientId === clientId)
      // Once this is answered, events for both have arrived at both.
      await control.ask('messages:fetch', { conversationId, limit: 1 })
      return ending.device.all<{ clientId: string }>('message').some((told) => told.clientId === clientId)
    }
    await expect.poll(hears).toBe(false)
    expect(ending.device.all('context:needed')).toHaveLength(1)
  })

  it('a renewal on the same socket restores everything, and what was missed is fetched', async () => {
    const { ending, ...world } = await conversation()
    const { agent, conversationId } = world
    const { device, sub } = ending
    const { id } = device.socket
    setClock(ending.expiresAt + GRACE)
    await device.refusal('messages:fetch', { conversationId, limit: 1 })
    await agent.ask('message:send', { conversationId, clientId: newClientId(), body: { text: 'missed' } })

    const renewal = await contextFor(sub, 10 * MINUTE)
    const answer = await device.ask<Authenticated>('identity:authenticate', renewal)
    expect(answer.conversation).toMatchObject({ id: conversationId, headSeq: 3 })
    const fetch = { conversationId, after: 2, limit: 10 }
    const { messages } = await device.ask<FetchedMessages>('messages:fetch', fetch)
    expect(messages.map(({ text }) => text)).toEqual(['missed'])
    device.told.length = 0
    for (const [event, tell] of news) {
      await tell(world)
      await device.heard(event)
    }
    for (const [event, payload] of requests) {
      expect(await device.request(event, payload(conversationId)), event).toMatchObject({ ok: true })
    }
    expect(device.socket.id).toBe(id)
  })

  it('a context that is over as well changes nothing', async () => {
    const { device, sub, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    const stale = await contextFor(sub, 5 * MINUTE)
    setClock(expiresAt - 1_000)
    expect((await device.refusal('identity:authenticate', stale)).code).toBe('context-expired')
    expect(await device.request('messages:fetch', { conversationId, limit: 1 })).toMatchObject({ ok: true })
    setClock(expiresAt + GRACE)
    expect((await device.refusal('identity:authenticate', stale)).code).toBe('context-expired')
    expect((await device.refusal('messages:fetch', { conversationId, limit: 1 })).code).toBe(
      'context-expired',
    )
    expect(device.disconnected).toBeNull()
  })

  it('a renewal for somebody else ends the session on every socket of it', async () => {
    const { device, token, expiresAt } = await signIn()
    const tab = await server.visitor({ session: token })
    setClock(expiresAt + GRACE)
    const forged = await contextFor('mallory', MINUTE)
    expect((await device.refusal('identity:authenticate', forged)).code).toBe('context-mismatch')
    for (const socket of [device, tab.device]) {
      expect(await socket.heard('session:ended')).toMatchObject({ code: 'context-mismatch' })
      await socket.gone()
    }
    await expect(server.visitor({ session: token })).rejects.toMatchObject({
      data: { code: 'session-invalid' },
    })
  })

  it('a clock that is set back does not bring the socket back', async () => {
    const { ending, ...world } = await conversation()
    const { control, conversationId } = world
    setClock(ending.expiresAt + GRACE)
    await ending.device.refusal('messages:fetch', { conversationId, limit: 1 })
    ending.device.told.length = 0
    setClock(ending.expiresAt - MINUTE)
    await NEWS.message(world)
    await control.message(({ text }) => text === 'news')
    expect((await ending.device.refusal('messages:fetch', { conversationId, limit: 1 })).code).toBe(
      'context-expired',
    )
    expect(toldOfConversations(ending.device)).toEqual([])
  })

  it('a conversation that was being started meanwhile is not shown', async () => {
    const { device, sub, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    const letGo = holdAnswers()
    const started = device.request<{ id: ConversationId }>('conversation:start', {})
    await device.ask('conversation:read', { conversationId, seq: 1 })
    setClock(expiresAt + GRACE)
    await device.refusal('messages:fetch', { conversationId, limit: 1 })
    device.told.length = 0
    letGo()
    expect(await started).toMatchObject({ ok: false, error: { code: 'context-expired' } })

    const control = await signIn(sub)
    const opened = await control.device.ask<{ id: ConversationId }>('conversation:start', {})
    await control.device.send(opened.id, 'from another device')
    await device.refusal('messages:fetch', { conversationId, limit: 1 })
    expect(toldOfConversations(device)).toEqual([])
  })
})

describe('[ID10] a context that ended before its sign-in was answered', () => {
  it('shows the device nothing', async () => {
    const { ending, ...world } = await conversation()
    const { control, agent, conversationId } = world
    const { device } = await server.visitor({ intent: 'identify' })
    const letGo = holdAnswers()
    const signedIn = device.ask<Authenticated>(
      'identity:authenticate',
      await contextFor(ending.sub, 10 * MINUTE),
    )
    const fetch = { conversationId, limit: 1 }
    await expect.poll(async () => (await device.request('messages:fetch', fetch)).ok).toBe(true)
    setClock(now() + 10 * MINUTE + GRACE)
    await device.refusal('messages:fetch', fetch)
    letGo()
    await signedIn

    agent.socket.emit('typing', { conversationId, typing: true })
    await control.heard('typing')
    await device.refusal('messages:fetch', fetch)
    expect(toldOfConversations(device)).toEqual([])
  })
})

describe('[ID10] a tab that was locked before another tab renewed the session', () => {
  it('stays locked until it brings a context itself, or connects anew', async () => {
    const { device, sub, token, conversationId, expiresAt } = await signIn()
    await device.send(conversationId, 'hello')
    const tab = await server.visitor({ session: token })
    const fetch = { conversationId, limit: 1 }
    setClock(expiresAt + GRACE)
    for (const socket of [device, tab.device]) await socket.refusal('messages:fetch', fetch)

    await device.ask('identity:authenticate', await contextFor(sub, 10 * MINUTE))
    expect((await tab.device.refusal('messages:fetch', fetch)).code).toBe('context-expired')
    const anew = await server.visitor({ session: token })
    expect(await anew.device.request('messages:fetch', fetch)).toMatchObject({ ok: true })
    await tab.device.ask('identity:authenticate', await contextFor(sub, 10 * MINUTE))
    expect(await tab.device.request('messages:fetch', fetch)).toMatchObject({ ok: true })
  })
})
