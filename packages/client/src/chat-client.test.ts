import type { ChatError } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import { ada, createClient, server, texts, until, useVisitorServer } from './chat-client.testing.ts'
import { type ChatState, INITIAL_STATE } from './chat-state.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

it('has the initial state before it connects', () => {
  const client = createClient({ storage: createMemoryStorage() })
  expect(client.getState()).toEqual({ ...INITIAL_STATE, saved: 'memory' })
})

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

  it('[ID1] reads what it needs to connect in one go: each takes the time of a transaction', async () => {
    const inner = createMemoryStorage()
    const before = createClient({ storage: inner })
    await before.connect()
    await before.close()
    const goes: string[][] = []
    let go: Promise<void> | undefined
    const get = async <Value>(key: string) => {
      if (go === undefined) goes.push([])
      go ??= new Promise((resolve) => setTimeout(resolve)).then(() => {
        go = undefined
      })
      goes.at(-1)?.push(key)
      await go
      return inner.get<Value>(key)
    }
    await createClient({ storage: { ...inner, get } }).connect()
    const [first = [], ...later] = goes.map((keys) => keys.sort())
    expect(first).toEqual(['departure', 'draft', 'logins', 'outbox', 'session', 'sign-in'])
    expect(later.flat()).not.toContain('session')
    expect(server.handshakes.map(({ session }) => session)).toEqual([undefined, expect.any(String)])
  })

  it('[ID15] tells the same list of logins until one changes, which spares the chat from drawing it', async () => {
    const client = createClient()
    await client.connect()
    const { logins } = client.getState()
    client.requestLogin({ reason: 'message', messageId: null })
    const requested = client.getState().logins
    expect([logins, requested.length]).toEqual([[], 1])
    const changed = new Promise<ChatState>((resolve) => client.on('change', resolve))
    client.draft = 'x'
    await client.send('hello')
    expect((await changed).logins).toBe(requested)
  })

  it('gets a new anonymous session when the stored one is not valid any more', async () => {
    const storage = createMemoryStorage()
    await storage.update('session', () => ({ token: 'a-token-nobody-knows-about' }))
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
    server.isGone = true
    const client = createClient()
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
    server.isGone = true
    // Node's own fetch keeps timers of its own, which end by themselves.
    vi.stubGlobal(
      'fetch',
      (_url: string, { signal }: RequestInit) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    )
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const client = createClient()
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
