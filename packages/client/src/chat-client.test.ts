import type { ChatError, WireError } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChatClient } from './chat-client.ts'
import type { ChatClientOptions } from './chat-client-api.ts'
import type { ChatState, RequestContextProvider, TimelineItem } from './chat-state.ts'
import type { OutboxEntry } from './outbox/outbox-entry.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { startVisitorServer, type VisitorServer } from './visitor-server.testing.ts'

let server: VisitorServer
const clients: ChatClient[] = []

beforeEach(async () => {
  server = await startVisitorServer()
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await server.close()
})

function createClient(options: Partial<ChatClientOptions> = {}): ChatClient {
  const client = new ChatClient({
    app: 'shop',
    server: server.url,
    storage: createMemoryStorage(),
    ...options,
  })
  clients.push(client)
  return client
}

const ada = (requestContextProvider: RequestContextProvider = () => ({ token: 'ada' })) => ({
  userIdentifier: 'ada',
  requestContextProvider,
})

const textOf = (item: TimelineItem) => (item.kind === 'stored' ? item.message.text : item.text)
const texts = (client: ChatClient) => client.getState().timeline.items.map(textOf)
const statusOf = (client: ChatClient) => client.getState().identity.status
const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 })
const untilStatus = (client: ChatClient, status: ChatState['identity']['status']) =>
  until(() => expect(statusOf(client)).toBe(status))
const untilConnected = (client: ChatClient) =>
  until(() => expect(client.getState().connection.status).toBe('connected'))
const outboxOf = async (storage: ChatStorage) => (await storage.get<OutboxEntry<string>[]>('outbox')) ?? []

describe('connection', () => {
  it('[ID1] keeps the anonymous session across reloads', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    await first.connect()
    await first.send('hello')
    await first.close()
    const second = createClient({ storage })
    await second.connect()
    await until(() => expect(texts(second)).toEqual(['hello']))
    expect(server.handshakes[0]?.session).toBeUndefined()
    expect(server.handshakes[1]?.session).toBeDefined()
  })

  it('gets a new anonymous session when the stored one is not valid any more', async () => {
    const storage = createMemoryStorage()
    await storage.set('session', { token: 'a-token-nobody-knows-about' })
    const client = createClient({ storage })
    await client.connect()
    expect(server.handshakes.map(({ session }) => session)).toEqual(['a-token-nobody-knows-about', undefined])
  })

  it.each(['unknown-app', 'origin-refused', 'protocol-version'] as const)(
    'stops for good when refused with %s, and says so',
    async (code) => {
      server.refusals.push({ code, message: 'no' })
      const client = createClient()
      const errors: ChatError[] = []
      client.on('error', (error) => errors.push(error))
      await expect(client.connect()).rejects.toMatchObject({ code })
      expect(client.getState().connection).toEqual({ status: 'closed', reason: code })
      expect(errors.map((error) => error.code)).toEqual([code])
    },
  )

  it('rejects a client without an app', async () => {
    await expect(createClient({ app: '' }).connect()).rejects.toMatchObject({ code: 'app-missing' })
  })

  it('tells that the server is out of reach, and goes on trying', async () => {
    const { url } = server
    await server.close()
    const client = createClient({ server: url })
    const failed = new Promise<ChatError>((resolve) => client.on('error', resolve))
    void client.connect().catch(() => {})
    expect((await failed).code).toBe('server-unreachable')
    expect(client.getState().connection.status).toBe('reconnecting')
  })

  it('tries again after a refusal that is not fatal', async () => {
    server.refusals.push({ code: 'unavailable', message: 'later', retryAfterMs: 1 })
    const client = createClient()
    await client.connect()
    expect(server.handshakes).toHaveLength(2)
  })

  it('leaves no socket behind when closed', async () => {
    const client = createClient()
    await client.connect()
    await client.close()
    await client.close()
    await until(() => expect(server.sockets.size).toBe(0))
    await expect(client.connect()).rejects.toMatchObject({ code: 'closed' })
  })

  it.each([0, 300, 30_000])('leaves no timer behind when closed after %i ms of trying', async (ms) => {
    const { url } = server
    await server.close()
    // Node's own fetch keeps timers of its own, which end by themselves.
    vi.stubGlobal(
      'fetch',
      (_url: string, { signal }: RequestInit) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    )
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const client = createClient({ server: url })
    const connecting = client.connect().catch((error: ChatError) => error.code)
    client.requestLogin({ reason: 'message', messageId: null })
    client.draft = 'half a'
    client.user = ada()
    const sending = client.send('unsent').catch((error: ChatError) => error.code)
    await vi.advanceTimersByTimeAsync(ms)
    await client.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
    vi.unstubAllGlobals()
    expect(await connecting).toBe('closed')
    expect(await sending).toBe('closed')
  })
})

describe('messages', () => {
  it('[DL1] is in the stored outbox before it is sent, and leaves it only on the ack', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    await client.connect()
    const seen: OutboxEntry<string>[][] = []
    const acks: (() => void)[] = []
    server.onSend = () => {
      void outboxOf(storage).then((entries) => {
        seen.push(entries)
        for (const ack of acks) ack()
      })
      return undefined
    }
    const seenFirst = new Promise<void>((resolve) => acks.push(resolve))
    const message = await client.send('hello')
    await seenFirst
    expect(message).toMatchObject({ seq: 1, text: 'hello', author: { kind: 'visitor' } })
    expect(seen[0]).toMatchObject([{ body: 'hello', conversationId: server.conversationId() }])
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    expect(client.getState().timeline.items).toMatchObject([{ kind: 'stored', delivery: 'sent' }])
  })

  it('[DL1] shows a message as pending until the server has it, under the same key after', async () => {
    const client = createClient()
    const shown: (readonly TimelineItem[])[] = []
    client.on('change', (state) => shown.push(state.timeline.items))
    const message = await client.send('hello')
    expect(shown.some((items) => items[0]?.kind === 'pending')).toBe(true)
    await until(() => expect(client.getState().timeline.items[0]?.kind).toBe('stored'))
    const keys = shown.flatMap((items) =>
      items.map((item) => (item.kind === 'stored' ? item.message.clientId : item.clientId)),
    )
    expect(new Set(keys)).toEqual(new Set([message.clientId]))
    // Once there, it never vanishes for a moment.
    const first = shown.findIndex((items) => items.length > 0)
    expect(shown.slice(first).every((items) => items.length === 1)).toBe(true)
  })

  it('[DL2] sends the same client id again when the ack is lost with the connection', async () => {
    const client = createClient()
    await client.connect()
    let lost = true
    server.onSend = () => {
      if (!lost) return undefined
      lost = false
      setImmediate(() => server.cut())
      return 'lost'
    }
    const message = await client.send('once')
    expect(message.seq).toBe(1)
    expect(server.sends.map((send) => send.clientId)).toEqual([message.clientId, message.clientId])
    expect(server.messages.get(message.conversationId)).toHaveLength(1)
    expect(texts(client)).toEqual(['once'])
  })

  it('[DL1] sends what the last page left in the outbox', async () => {
    const storage = createMemoryStorage()
    server.onSend = () => 'lost'
    const first = createClient({ storage })
    await first.connect()
    const sending = first.send('from the last page')
    await until(() => expect(server.sends).toHaveLength(1))
    await first.close()
    await expect(sending).rejects.toMatchObject({ code: 'closed' })
    server.onSend = () => undefined
    const second = createClient({ storage })
    await second.connect()
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    await until(() => expect(texts(second)).toEqual(['from the last page']))
    expect(server.messages.get(server.conversationId())).toHaveLength(1)
  })

  it('[DL4] keeps the order written', async () => {
    const client = createClient()
    const sent = ['1', '2', '3', '4', '5'].map((text) => client.send(text))
    expect((await Promise.all(sent)).map((message) => message.seq)).toEqual([1, 2, 3, 4, 5])
    expect(texts(client)).toEqual(['1', '2', '3', '4', '5'])
  })

  it('[DL1] shows a refused message as failed, to be sent again or given up', async () => {
    const client = createClient()
    await client.connect()
    const error: WireError = { code: 'bad-request', message: 'no' }
    server.onSend = () => ({ ok: false, error })
    await expect(client.send('refused')).rejects.toMatchObject({ code: 'bad-request' })
    const [item] = client.getState().timeline.items
    if (item?.kind !== 'pending') throw new Error('not pending')
    expect(item.state).toEqual({ status: 'failed', code: 'bad-request' })
    server.onSend = () => undefined
    client.retry(item.clientId)
    await until(() => expect(client.getState().timeline.items).toMatchObject([{ kind: 'stored' }]))
    server.onSend = () => ({ ok: false, error })
    await expect(client.send('given up')).rejects.toThrow()
    const last = client.getState().timeline.items.at(-1)
    if (last?.kind !== 'pending') throw new Error('not pending')
    await client.discard(last.clientId)
    expect(texts(client)).toEqual(['refused'])
  })

  it('sends again after the time the server asked for', async () => {
    const client = createClient()
    await client.connect()
    let refusals = 1
    server.onSend = () =>
      refusals-- > 0
        ? { ok: false, error: { code: 'rate-limited', message: 'slow', retryAfterMs: 50 } }
        : undefined
    const message = await client.send('patient')
    expect(message.seq).toBe(1)
    expect(server.sends).toHaveLength(2)
  })

  it.each(['', '   ', 'x'.repeat(8_001)])('refuses a text no server would take', async (text) => {
    await expect(createClient().send(text)).rejects.toMatchObject({
      code: text.length > 10 ? 'too-large' : 'bad-request',
    })
  })

  it('[DL3] fetches what a gap lacks', async () => {
    const client = createClient()
    await client.connect()
    const received: string[] = []
    client.on('message-received', (message) => received.push(message.text))
    const id = server.conversationId()
    server.post(id, 'one', true)
    server.post(id, 'two', true)
    server.post(id, 'three')
    await until(() => expect(texts(client)).toEqual(['one', 'two', 'three']))
    expect(received).toEqual(['one', 'two', 'three'])
    expect(client.getState().unread).toBe(3)
  })

  it('[DL3] fetches what a head beyond the cursor tells of', async () => {
    const client = createClient()
    await client.connect()
    const conversationId = server.conversationId()
    server.post(conversationId, 'missed', true)
    for (const socket of server.sockets) socket.emit('head', { conversationId, headSeq: 1 })
    await until(() => expect(texts(client)).toEqual(['missed']))
  })

  it('[DL3] catches up after a lost connection', async () => {
    const client = createClient()
    await client.connect()
    await client.send('before')
    const id = server.conversationId()
    server.cut()
    server.post(id, 'meanwhile', true)
    await until(() => expect(texts(client)).toEqual(['before', 'meanwhile']))
  })

  it('begins with the newest page and pages back', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    await first.connect()
    const id = server.conversationId()
    for (let index = 1; index <= 120; index += 1) server.post(id, String(index), true)
    await first.close()
    const client = createClient({ storage })
    await client.connect()
    await until(() => expect(client.getState().timeline.status).toBe('loaded'))
    expect(texts(client)).toHaveLength(50)
    expect(texts(client).at(-1)).toBe('120')
    expect(await client.loadOlder()).toBe(true)
    expect(await client.loadOlder()).toBe(false)
    expect(texts(client)).toEqual(Array.from({ length: 120 }, (_, index) => String(index + 1)))
    expect(client.getState().timeline.hasOlder).toBe(false)
  })

  it('tells how far the visitor has read', async () => {
    const client = createClient()
    await client.connect()
    const counts: number[] = []
    client.on('unread-change', (count) => counts.push(count))
    server.post(server.conversationId(), 'hi')
    await until(() => expect(client.getState().unread).toBe(1))
    client.markRead()
    expect(client.getState().unread).toBe(0)
    await until(() => expect(server.reads).toEqual([1]))
    expect(counts).toEqual([1, 0])
  })

  it('shows own messages as read when the other side has read them', async () => {
    const client = createClient()
    const { conversationId } = await client.send('seen?')
    for (const socket of server.sockets) socket.emit('receipt', { conversationId, reader: 'agent', seq: 1 })
    await until(() => expect(client.getState().timeline.items).toMatchObject([{ delivery: 'read' }]))
  })

  it('begins a new conversation', async () => {
    const client = createClient()
    await client.send('old')
    const id = await client.newConversation()
    expect(client.getState().conversation).toEqual({ id, headSeq: 0 })
    expect((await client.send('new')).conversationId).toBe(id)
    expect(texts(client)).toEqual(['new'])
  })
})

describe('identity', () => {
  it.each([
    [{ userIdentifier: '', requestContextProvider: () => ({}) }, 'user.userIdentifier'],
    [{ userIdentifier: 7, requestContextProvider: () => ({}) }, 'user.userIdentifier'],
    [{ userIdentifier: 'ada' }, 'user.requestContextProvider'],
    ['ada', 'user'],
    [undefined, 'user'],
  ])('[ID2] throws a TypeError that names the field, and changes nothing: %o', async (user, field) => {
    const client = createClient()
    const set = () => {
      client.user = user as never
    }
    expect(set).toThrow(TypeError)
    expect(set).toThrow(`${field} must`)
    expect(client.user).toBeNull()
    expect(client.getState().connection.status).toBe('closed')
    expect(statusOf(client)).toBe('anonymous')
  })

  it('[ID2] [ID3] signs in when a user is set, connected or not, and asks the provider with false', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const client = createClient()
    await client.setUser(ada(provider))
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
    expect(provider.mock.calls.map(([needsRefresh]) => needsRefresh)).toEqual([false])
    expect(provider.mock.calls[0]?.[1].signal).toBeInstanceOf(AbortSignal)
    expect(server.handshakes).toMatchObject([{ intent: 'identify' }])
  })

  it('[ID3] does not ask the provider before the server is there', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const { url } = server
    await server.close()
    const client = createClient({ server: url })
    const failed = new Promise((resolve) => client.on('error', resolve))
    client.user = ada(provider)
    await failed
    expect(provider).not.toHaveBeenCalled()
    expect(statusOf(client)).toBe('authenticating')
  })

  it('[ID11] makes the anonymous conversation the user’s, tells the receipt, and drops the anonymous secret', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    const { conversationId } = await client.send('as a stranger')
    const changes: unknown[] = []
    client.on('identity-change', (change) => changes.push(change))
    await client.setUser(ada())
    expect(changes.at(-1)).toMatchObject({
      identity: { status: 'identified' },
      receipt: { from: { status: 'anonymous' }, mergedConversations: [conversationId] },
    })
    expect(texts(client)).toEqual(['as a stranger'])
    expect(server.sockets.size).toBe(1)
    expect(server.handshakes).toHaveLength(1)
    await until(async () => expect(await storage.get('session')).toBeUndefined())
    expect(
      JSON.stringify(await Promise.all((await storage.keys()).map((key) => storage.get(key)))),
    ).not.toContain('token')
  })

  it('[ID7] [ID10] renews on the same socket when the server says expired; the message waits and goes once', async () => {
    const calls: boolean[] = []
    let release: (() => void) | undefined
    const provider: RequestContextProvider = async (needsRefresh) => {
      calls.push(needsRefresh)
      if (needsRefresh) await new Promise<void>((resolve) => (release = resolve))
      return { token: `ada:${calls.length}` }
    }
    const client = createClient()
    await client.setUser(ada(provider))
    const [socket] = server.sockets
    let expired = true
    server.onSend = () =>
      expired ? { ok: false, error: { code: 'context-expired', message: 'over' } } : undefined
    const sending = client.send('wait for me')
    await until(() => expect(calls).toEqual([false, true]))
    expect(client.getState().identity).toEqual({ status: 'refreshing', userIdentifier: 'ada' })
    expect(client.getState().timeline.items).toMatchObject([
      { kind: 'pending', state: { status: 'waiting', for: 'identity' } },
    ])
    const queued = client.send('me too')
    expired = false
    release?.()
    expect((await sending).seq).toBe(1)
    expect((await queued).seq).toBe(2)
    expect(server.sends.map((send) => send.text)).toEqual(['wait for me', 'wait for me', 'me too'])
    expect([...server.sockets]).toEqual([socket])
    expect(calls).toEqual([false, true])
  })

  it('[ID4] asks with true when the server needs a fresh context', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const client = createClient()
    await client.setUser(ada(provider))
    for (const socket of server.sockets) socket.emit('context:needed', { refresh: true, cause: 'action' })
    await until(() => expect(server.authentications).toHaveLength(2))
    expect(provider.mock.calls.map(([needsRefresh]) => needsRefresh)).toEqual([false, true])
  })

  it('[ID3] sends the context in hand again when the server merely lost it', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const client = createClient()
    await client.setUser(ada(provider))
    for (const socket of server.sockets) socket.emit('context:needed', { refresh: false, cause: 'lost' })
    await until(() => expect(server.authentications).toHaveLength(2))
    expect(provider).toHaveBeenCalledTimes(1)
  })

  it('[ID8] does not ask the provider for a dropped connection', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const client = createClient()
    await client.setUser(ada(provider))
    server.cut()
    await until(() => expect(server.handshakes).toHaveLength(2))
    await untilConnected(client)
    expect(statusOf(client)).toBe('identified')
    expect((await client.send('still me')).seq).toBe(1)
    expect(provider).toHaveBeenCalledTimes(1)
    expect(server.authentications).toHaveLength(1)
  })

  it('[ID6] [ID14] gives up after three tries, keeps transcript and outbox, and never becomes anonymous', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    await client.send('before')
    const provider = vi.fn<RequestContextProvider>(() => Promise.reject(new Error('no')))
    const errors: string[] = []
    client.on('error', (error) => errors.push(error.code))
    await client.setUser(ada(provider))
    expect(client.getState().identity).toEqual({
      status: 'reauthentication-required',
      userIdentifier: 'ada',
      code: 'provider-failed',
    })
    expect(provider).toHaveBeenCalledTimes(3)
    expect(errors).toEqual(['provider-failed'])
    const sending = client.send('meanwhile')
    expect(texts(client)).toEqual(['before', 'meanwhile'])
    server.cut()
    await until(() => expect(server.handshakes).toHaveLength(2))
    await untilConnected(client)
    expect(server.handshakes[1]?.intent).toBe('identify')
    expect(statusOf(client)).toBe('reauthentication-required')
    expect(server.sends).toHaveLength(1)
    expect(await outboxOf(storage)).toMatchObject([{ body: 'meanwhile' }])
    // The host signs them in again: what waited goes.
    await client.setUser(ada())
    expect((await sending).text).toBe('meanwhile')
  })

  it('does not try again after a context for somebody else', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'eve' }))
    const client = createClient()
    await client.setUser(ada(provider))
    expect(client.getState().identity).toMatchObject({
      status: 'reauthentication-required',
      code: 'context-mismatch',
    })
    expect(provider).toHaveBeenCalledTimes(1)
  })

  it('tries the same context again while the verifier cannot be reached', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const { verify } = server
    server.verify = () => {
      server.verify = verify
      return { code: 'verifier-unavailable', message: 'down', retryAfterMs: 1 }
    }
    const client = createClient()
    await client.setUser(ada(provider))
    expect(statusOf(client)).toBe('identified')
    expect(provider).toHaveBeenCalledTimes(1)
  })

  it('[ID14] says that the session ended instead of going on without it', async () => {
    const client = createClient()
    await client.setUser(ada())
    for (const socket of server.sockets) {
      socket.emit('session:ended', { code: 'session-invalid', message: 'signed out everywhere' })
      socket.disconnect(true)
    }
    await untilStatus(client, 'reauthentication-required')
    await until(() => expect(server.handshakes).toHaveLength(2))
    await untilConnected(client)
    expect(server.handshakes[1]).toMatchObject({ intent: 'identify' })
    expect(server.authentications).toHaveLength(1)
    expect(statusOf(client)).toBe('reauthentication-required')
  })

  it('takes a new provider for the same user without signing in again', async () => {
    const client = createClient()
    await client.setUser(ada())
    const next = vi.fn<RequestContextProvider>(() => ({ token: 'ada:2' }))
    await client.setUser(ada(next))
    expect(server.authentications).toHaveLength(1)
    for (const socket of server.sockets) socket.emit('context:needed', { refresh: true, cause: 'expired' })
    await until(() => expect(next).toHaveBeenCalledWith(true, expect.anything()))
  })

  it('[ID13] resolves logout after the server revoked the session and local data is gone', async () => {
    const storage = createMemoryStorage()
    const client = createClient({ storage })
    await client.setUser(ada())
    await client.send('secret')
    client.draft = 'half a secret'
    await client.logout({ everywhere: true })
    expect(server.signOuts).toEqual([{ everywhere: true }])
    expect(statusOf(client)).toBe('anonymous')
    expect(texts(client)).toEqual([])
    expect(client.draft).toBe('')
    expect(client.user).toBeNull()
    const stored = await Promise.all((await storage.keys()).map((key) => storage.get(key)))
    expect(JSON.stringify(stored)).not.toContain('secret')
    await until(() => expect(server.handshakes.at(-1)).toMatchObject({ intent: 'anonymous' }))
    await untilConnected(client)
    expect(server.handshakes.at(-1)?.session).toBeUndefined()
    expect((await client.send('a stranger')).seq).toBe(1)
  })

  it('[ID12] signs the first user out before the second is signed in', async () => {
    const client = createClient()
    await client.setUser(ada())
    await client.send('of ada')
    const identities: string[] = []
    client.on('identity-change', ({ identity }) => {
      const who = 'userIdentifier' in identity ? identity.userIdentifier : ''
      identities.push(`${identity.status} ${who} ${texts(client).join()}`)
    })
    await client.setUser({ userIdentifier: 'bob', requestContextProvider: () => ({ token: 'bob' }) })
    expect(identities).toEqual([
      'signing-out ada of ada',
      'anonymous  ',
      'authenticating bob ',
      'identified bob ',
    ])
    expect(server.signOuts).toHaveLength(1)
    expect(texts(client)).toEqual([])
  })

  it('[ID5] drops what the provider of the first user answers after the second was set', async () => {
    let answer: ((context: { token: string }) => void) | undefined
    const client = createClient()
    client.user = ada(() => new Promise((resolve) => (answer = resolve)))
    await until(() => expect(answer).toBeDefined())
    const bob = client.setUser({ userIdentifier: 'bob', requestContextProvider: () => ({ token: 'bob' }) })
    answer?.({ token: 'ada' })
    await bob
    expect(server.authentications.map((request) => request.userIdentifier)).toEqual(['bob'])
  })

  it('[ID17] traces the transitions without secrets', async () => {
    const client = createClient()
    await client.setUser(ada(() => ({ token: 'ada', password: 'hunter2' })))
    expect(client.trace().map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['anonymous', 'authenticating', 'user-set'],
      ['authenticating', 'identified', 'authenticated'],
    ])
    expect(JSON.stringify(client.trace())).not.toContain('hunter2')
  })
})

describe('logins', () => {
  it('[ID15] emits one request for each tap, which succeeds with the sign-in', async () => {
    const client = createClient()
    await client.connect()
    const told: unknown[] = []
    client.on('login-request', (login) => told.push(login))
    const login = client.requestLogin({ reason: 'message', messageId: null })
    expect(client.requestLogin({ reason: 'message', messageId: null })).toEqual(login)
    expect(told).toEqual([login])
    expect(login).toMatchObject({ conversationId: server.conversationId(), state: { status: 'requested' } })
    await client.setUser(ada())
    expect(client.getState().logins).toMatchObject([
      { requestId: login.requestId, state: { status: 'signed-in' } },
    ])
  })

  it('[ID15] survives a redirect to a login page and back', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    const login = first.requestLogin({ reason: 'expired', messageId: null })
    await until(async () => expect(await storage.get('logins')).toHaveLength(1))
    await first.close()
    const second = createClient({ storage })
    await second.setUser(ada())
    await until(() =>
      expect(second.getState().logins).toMatchObject([
        { requestId: login.requestId, state: { status: 'signed-in' } },
      ]),
    )
  })
})

describe('draft', () => {
  it('keeps what is being written across reloads, also over a sign-in', async () => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    first.draft = 'half a sentence'
    await first.setUser(ada())
    await first.close()
    const stranger = createClient({ storage })
    await stranger.connect()
    expect(stranger.draft).toBe('')
    await stranger.close()
    const second = createClient({ storage })
    await second.setUser(ada())
    expect(second.draft).toBe('half a sentence')
  })
})
