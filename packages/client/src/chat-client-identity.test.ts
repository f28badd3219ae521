import type { ChatError } from '@chat-widget/protocol'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  ada,
  createClient,
  outboxOf,
  server,
  statusOf,
  texts,
  until,
  untilConnected,
  untilStatus,
  useVisitorServer,
} from './chat-client.testing.ts'
import type { RequestContextProvider } from './chat-state.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

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
    server.isGone = true
    const client = createClient()
    const failed = new Promise((resolve) => client.on('error', resolve))
    client.user = ada(provider)
    await failed
    expect(provider).not.toHaveBeenCalled()
    expect(statusOf(client)).toBe('authenticating')
  })

  it('[ID11] makes the anonymous conversation the user’s, tells the receipt, and drops the anonymous secret', async () => {
    const values = new Map<string, unknown>()
    const storage = createMemoryStorage(values)
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
    expect(JSON.stringify([...values.values()])).not.toContain('token')
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
    expect(server.sends.map((send) => 'text' in send && send.text)).toEqual([
      'wait for me',
      'wait for me',
      'me too',
    ])
    expect([...server.sockets]).toEqual([socket])
    expect(calls).toEqual([false, true])
  })

  it.each([
    ['is over', 120_000],
    ['is nearly over', 55_000],
  ])(
    '[ID4] [ID7] after a sleep in which the context %s, renews it before the first send',
    async (_what, ms) => {
      const order: string[] = []
      server.verify = () => {
        order.push('authenticate')
        return { subject: 'ada', expiresAt: Date.now() + 60_000 }
      }
      server.onSend = () => void order.push('send')
      let tokens = 0
      const provider = vi.fn<RequestContextProvider>(() => ({ token: String(++tokens) }))
      const client = createClient()
      await client.setUser(ada(provider))
      await untilConnected(client)
      const now = Date.now.bind(Date)
      vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
      server.aheadMs = ms
      onTestFinished(() => void vi.restoreAllMocks())
      await client.send('good morning')
      expect(order).toEqual(['authenticate', 'authenticate', 'send'])
      expect(provider.mock.calls.map(([needsRefresh]) => needsRefresh)).toEqual([false, true])
    },
  )

  it('[ID8] after a sleep in which the context did not end, does not ask the provider', async () => {
    const provider = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    const client = createClient()
    await client.setUser(ada(provider))
    await untilConnected(client)
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 600_000)
    server.aheadMs = 600_000
    onTestFinished(() => void vi.restoreAllMocks())
    await client.send('good morning')
    expect(provider).toHaveBeenCalledTimes(1)
    expect(server.handshakes).toHaveLength(2)
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
    // The host signs them in again: waiting messages are sent.
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

  it('[ID9] shows nothing of a session that turns out to be somebody else’s', async () => {
    const client = createClient()
    await client.setUser(ada())
    await client.send('of ada')
    await server.mixUp('eve', 'of eve')
    server.cut()
    await untilStatus(client, 'reauthentication-required')
    await untilConnected(client)
    expect(client.getState().identity).toMatchObject({ code: 'context-mismatch' })
    expect(texts(client)).toEqual(['of ada'])
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

  it('[ID15] signs the same user in again when a login was asked for', async () => {
    const client = createClient()
    await client.setUser(ada())
    const login = client.requestLogin({ reason: 'action', messageId: null })
    const statuses: string[] = []
    client.on('identity-change', ({ identity }) => statuses.push(identity.status))
    const next = vi.fn<RequestContextProvider>(() => ({ token: 'ada:2' }))
    await client.setUser(ada(next))
    expect(next.mock.calls.map(([needsRefresh]) => needsRefresh)).toEqual([false])
    expect(statuses).toEqual(['refreshing', 'identified'])
    expect(server.authentications).toHaveLength(2)
    expect(client.getState().logins).toMatchObject([
      { requestId: login.requestId, state: { status: 'signed-in' } },
    ])
  })

  it('[ID15] fails what the visitor had tapped when the sign-in fails', async () => {
    const client = createClient()
    client.requestLogin({ reason: 'message', messageId: null })
    await client.setUser(ada(() => ({ token: 'eve' })))
    expect(statusOf(client)).toBe('reauthentication-required')
    expect(client.getState().logins).toMatchObject([{ state: { status: 'failed', reason: '' } }])
  })

  it('[ID13] resolves logout after the server revoked the session and local data is gone', async () => {
    const values = new Map<string, unknown>()
    const storage = createMemoryStorage(values)
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
    const stored = [...values.values()]
    expect(JSON.stringify(stored)).not.toContain('secret')
    await until(() => expect(server.handshakes.at(-1)).toMatchObject({ intent: 'anonymous' }))
    await untilConnected(client)
    expect(server.handshakes.at(-1)?.session).toBeUndefined()
    expect((await client.send('a stranger')).seq).toBe(1)
  })

  it('[ID13] [DL1] what is written while an anonymous visitor leaves is the next one’s', async () => {
    const client = createClient()
    await client.connect()
    const before = (await client.send('as one stranger')).conversationId
    const left = client.logout()
    const sending = client.send('as the next')
    await left
    expect(await sending).toMatchObject({ conversationId: expect.not.stringContaining(before), seq: 1 })
    expect(texts(client)).toEqual(['as the next'])
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

  it('[ID1] does not load what signs users in for an anonymous chat, its login requests and its end', async () => {
    const loadSignIn = vi.fn(() => import('./identity/sign-in.ts'))
    const client = createClient({}, loadSignIn)
    await client.send('hello')
    client.requestLogin({ reason: 'message', messageId: null })
    await client.newConversation()
    await client.logout()
    await untilConnected(client)
    expect(loadSignIn).not.toHaveBeenCalled()
    expect(client.trace()).toEqual([])
    await client.setUser(ada())
    expect(loadSignIn).toHaveBeenCalledTimes(1)
    expect(statusOf(client)).toBe('identified')
  })

  it('[ID12] follows users set one after the other while what signs them in is being loaded', async () => {
    let arrive = () => {}
    const loading = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const client = createClient({}, () => loading.then(() => import('./identity/sign-in.ts')))
    const first = vi.fn<RequestContextProvider>(() => ({ token: 'ada' }))
    await client.connect()
    client.user = ada(first)
    expect(statusOf(client)).toBe('authenticating')
    const unsent = client.send('of ada').catch((error: ChatError) => error.code)
    client.user = null
    expect(statusOf(client)).toBe('signing-out')
    const settled = client.setUser({
      userIdentifier: 'bob',
      requestContextProvider: () => ({ token: 'bob' }),
    })
    await untilStatus(client, 'authenticating')
    arrive()
    await settled
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(await unsent).toBe('identity-changed')
    expect(first).not.toHaveBeenCalled()
    expect(server.authentications.map((request) => request.userIdentifier)).toEqual(['bob'])
    expect(texts(client)).toEqual([])
  })

  it('[ID14] sends nothing as anybody while what signs users in cannot be loaded', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const loadSignIn = vi.fn(() => Promise.reject(new Error('blocked')))
    const client = createClient({}, loadSignIn)
    const errors: string[] = []
    client.on('error', (error) => errors.push(error.code))
    await client.setUser(ada())
    vi.restoreAllMocks()
    expect(client.getState().identity).toMatchObject({ code: 'load-failed' })
    expect(errors).toEqual(['load-failed'])
    await untilConnected(client)
    const unsent = client.send('for nobody else').catch((error: ChatError) => error.code)
    await until(() =>
      expect(client.getState().timeline.items).toMatchObject([
        { state: { status: 'waiting', for: 'identity' } },
      ]),
    )
    expect(server.handshakes).toMatchObject([{ intent: 'identify' }])
    await client.close()
    expect(await unsent).toBe('closed')
  })
})
