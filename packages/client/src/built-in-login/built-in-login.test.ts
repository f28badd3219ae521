/** Login inside the chat, from the tap to the identity, against the real server; the test is the person asked. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ada,
  createClient,
  server,
  statusOf,
  texts,
  until,
  untilConnected,
  untilStatus,
  useVisitorServer,
} from '../chat-client.testing.ts'
import type { ChatClient } from '../chat-client.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createFakeLocks } from '../util/fake-locks.testing.ts'
import { type BuiltInLogin, createBuiltInLogin } from './index.ts'

useVisitorServer()

const ANN = 'ann@example.com'
/** What a browser keeps, for all its tabs. */
let values = new Map<string, unknown>()
let storage = createMemoryStorage(values)
const logins: BuiltInLogin[] = []

/** Like a database that is slow: what is asked for first is done first. */
function inTurn(inner: ChatStorage): ChatStorage {
  let last: Promise<unknown> = Promise.resolve()
  const after = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(() => new Promise((go) => setTimeout(go, 5))).then(work)
    last = done
    return done
  }
  return {
    get: (key) => after(() => inner.get(key)),
    update: (key, change) => after(() => inner.update(key, change)),
  }
}

async function openTab(store: ChatStorage = storage): Promise<ChatClient> {
  const client = createClient({ storage: { ...store, kind: 'persistent', scope: undefined } as never })
  await client.connect()
  return client
}

function loginIn(client: ChatClient): BuiltInLogin {
  const login = createBuiltInLogin(client.parts)
  logins.push(login)
  return login
}

const untilLogin = (login: BuiltInLogin, status: BuiltInLogin['state']['status']) =>
  until(() => expect(login.state.status).toBe(status))

/** A visitor who tapped a card, gave an address and waits. */
async function waiting(client: ChatClient, address = ANN) {
  const { requestId } = client.requestLogin({ reason: 'message', messageId: null })
  client.takeLogin(requestId)
  const login = loginIn(client)
  await untilLogin(login, 'idle')
  await login.ask('email', address)
  expect(login.state.status).toBe('waiting')
  return { login, requestId }
}

const stored = async () => JSON.stringify([...values.values()])

beforeEach(() => {
  values = new Map()
  storage = createMemoryStorage(values)
})
afterEach(() => {
  for (const login of logins.splice(0)) login.close()
  vi.unstubAllGlobals()
})

describe('[AR14] a login inside the chat', () => {
  it('begins anew right after it was canceled, and not with the code that is worthless now', async () => {
    const client = await openTab(inTurn(storage))
    const { login } = await waiting(client)
    login.cancel()
    // As soon as the visitor could tap again.
    await new Promise((go) => setTimeout(go))
    const next = loginIn(client)
    await until(() => expect(next.state.status).not.toBe('loading'))
    expect(next.state).toEqual({ status: 'idle', problem: null })
  })

  it('shows the code, waits, and signs in as who approved, with what was written', async () => {
    const client = await openTab()
    await client.send('hello')
    const { login } = await waiting(client, 'Ann@Example.com')
    expect(login.state).toMatchObject({
      method: 'email',
      address: 'Ann@Example.com',
      bindingCode: server.logins.asked[0]?.bindingCode,
    })
    const receipts: unknown[] = []
    client.on('identity-change', ({ receipt }) => receipt && receipts.push(receipt))
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
    expect(client.getState().identity).toMatchObject({ userIdentifier: ANN, method: 'email' })
    expect(receipts).toHaveLength(1)
    expect(texts(client)).toEqual(['hello'])
    expect(client.getState().logins).toMatchObject([{ isBuiltIn: true, state: { status: 'signed-in' } }])
    expect(client.user, 'the host has no user').toBeNull()
    await client.send('signed in')
    expect(texts(client)).toEqual(['hello', 'signed in'])
  })

  it.each(['denied', 'expired', 'canceled', 'locked'] as const)(
    'that is %s ends so, and nothing else changes',
    async (outcome) => {
      const client = await openTab()
      const { login } = await waiting(client)
      await server.logins.end(outcome)
      await untilLogin(login, 'ended')
      expect(login.state).toEqual({ status: 'ended', outcome })
      expect(statusOf(client)).toBe('anonymous')
      await until(async () => expect(await stored()).not.toContain(ANN))
      await client.send('still here')
    },
  )

  it('is taken back by the visitor', async () => {
    const client = await openTab()
    const { login } = await waiting(client)
    login.cancel()
    expect(login.state).toEqual({ status: 'ended', outcome: 'canceled' })
    await until(async () => expect(await server.logins.statusOf(server.logins.asked[0])).toBe('canceled'))
    await until(async () => expect(await stored()).not.toContain(ANN))
  })

  it('[AR7] says when it may be tried again, before the first request and after', async () => {
    const client = await openTab()
    const login = loginIn(client)
    await untilLogin(login, 'idle')
    const refusal = { code: 'rate-limited', message: 'too many', retryAfterMs: 60_000 } as const
    server.logins.refusals.push(refusal)
    await login.ask('email', ANN)
    expect(login.state).toMatchObject({ status: 'idle', problem: { code: 'rate-limited' } })
    await login.ask('email', ANN)
    server.logins.refusals.push(refusal)
    const before = Date.now()
    await login.resend()
    expect(login.state).toMatchObject({
      status: 'waiting',
      bindingCode: server.logins.asked[0]?.bindingCode,
      problem: { code: 'rate-limited', retryAt: expect.any(Number) },
    })
    if (login.state.status === 'waiting')
      expect(login.state.problem?.retryAt).toBeGreaterThanOrEqual(before + 60_000)
  })

  it('asked again has a new code, and the news of the first request is not its own', async () => {
    const client = await openTab()
    const { login } = await waiting(client)
    const [first] = server.logins.asked
    await login.resend()
    expect(login.state).toMatchObject({ status: 'waiting', bindingCode: server.logins.asked[1]?.bindingCode })
    expect(await server.logins.statusOf(first)).toBe('canceled')
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
  })

  it('waits for a connection before it asks, and hears after one what it missed', async () => {
    const client = await openTab()
    const login = loginIn(client)
    await untilLogin(login, 'idle')
    server.isDown = true
    server.cut()
    const asked = login.ask('email', ANN)
    expect(login.state.status).toBe('asking')
    server.isDown = false
    await asked
    expect(login.state.status).toBe('waiting')
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).not.toBe('connected'))
    await server.logins.end('approved')
    server.isDown = false
    await untilStatus(client, 'identified')
  })

  it('goes on after a reload, with the same code', async () => {
    const first = await openTab()
    await waiting(first)
    await first.close()
    const client = await openTab()
    const login = loginIn(client)
    await untilLogin(login, 'waiting')
    expect(login.state).toMatchObject({ address: ANN, bindingCode: server.logins.asked[0]?.bindingCode })
    await until(() => expect(server.logins.asked[0]?.socket.connected).toBe(true))
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
  })

  it('ends at its time, also where nobody tells', async () => {
    server.logins.expiresInMs = 20
    const client = await openTab()
    const login = loginIn(client)
    await untilLogin(login, 'idle')
    await login.ask('email', ANN)
    await untilLogin(login, 'ended')
    expect(login.state).toEqual({ status: 'ended', outcome: 'expired' })
  })
})

describe('[AR15] who is signed in by an approval', () => {
  async function signedIn(): Promise<ChatClient> {
    const client = await openTab()
    await waiting(client)
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
    return client
  }

  it('stays so after a reload, without being asked again', async () => {
    const first = await signedIn()
    await first.send('hello')
    await first.close()
    const { length } = server.authentications
    const client = await openTab()
    await untilStatus(client, 'identified')
    expect(client.getState().identity).toMatchObject({ userIdentifier: ANN, method: 'email' })
    await until(() => expect(texts(client)).toEqual(['hello']))
    expect(server.authentications).toHaveLength(length)
  })

  it('is signed in once, though the answer to the claim was lost', async () => {
    const client = await openTab()
    await waiting(client)
    server.loseClaim = true
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
    const claims = server.authentications.map(({ context }) => JSON.stringify(context))
    expect(claims).toHaveLength(2)
    expect(new Set(claims).size).toBe(1)
    await until(async () => expect(await stored()).not.toContain('bindingCode'))
  })

  it('is signed in after a crash between the approval and the claim', async () => {
    const first = await openTab()
    await waiting(first)
    await storage.update<object>('sign-in', (kept) => ({ ...kept, userIdentifier: ANN }))
    await first.close()
    await server.logins.end('approved')
    expect(server.authentications).toEqual([])
    const client = await openTab()
    await untilStatus(client, 'identified')
  })

  it('is signed in in the other tabs too, and signed out in all of them', async () => {
    vi.stubGlobal('document', {})
    vi.stubGlobal('navigator', { locks: createFakeLocks() })
    const [first, second] = [await openTab(), await openTab()]
    const errors: unknown[] = []
    second.on('error', (error) => errors.push(error))
    await waiting(first)
    const before = server.handshakes.length
    await server.logins.end('approved')
    await Promise.all([first, second].map((tab) => untilStatus(tab, 'identified')))
    expect(second.getState().identity).toMatchObject({ userIdentifier: ANN, method: 'email' })
    expect(errors).toEqual([])
    // A new anonymous session in between would take the place of hers. A tab that connects before it has heard of the
    // session connects once more.
    const asNobody = server.handshakes.slice(before).filter(({ session }) => session === undefined)
    expect(asNobody.filter(({ intent }) => intent === 'anonymous')).toEqual([])
    expect(server.authentications).toHaveLength(1)
    await second.logout()
    await untilStatus(first, 'anonymous')
    expect(await stored()).not.toContain(ANN)
  })

  it('[ID13] is signed out by logout(): the session is revoked, and a reload begins anew', async () => {
    const client = await signedIn()
    await client.logout()
    expect(statusOf(client)).toBe('anonymous')
    expect(server.signOuts).toHaveLength(1)
    expect(await stored()).not.toContain(ANN)
    await client.close()
    const next = await openTab()
    expect(statusOf(next)).toBe('anonymous')
  })

  it('stays while the host says again that it has no user', async () => {
    const client = await signedIn()
    client.user = null
    await client.setUser(null)
    expect(statusOf(client)).toBe('identified')
    expect(server.signOuts).toEqual([])
  })

  it.each(['at once', 'after a reload'])('[ID12] gives way to a user of the host, %s', async (when) => {
    let client = await signedIn()
    await client.send('of ann')
    if (when === 'after a reload') {
      await client.close()
      client = createClient({ storage: { ...storage, kind: 'persistent', scope: undefined } as never })
      void client.connect()
    }
    await client.setUser(ada())
    // Who was signed in before the reload may be found after the user was set, and leaves first.
    await until(() =>
      expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'ada' }),
    )
    await untilConnected(client)
    expect(client.getState().identity).not.toHaveProperty('method')
    expect(server.signOuts).toHaveLength(1)
    expect(texts(client)).toEqual([])
    expect(await stored()).not.toContain(ANN)
  })

  it('and a user of the host by the same letters are two: nothing of one is the other’s', async () => {
    const client = await signedIn()
    server.verify = () => ({ subject: ANN, expiresAt: null })
    await client.setUser({ userIdentifier: ANN, requestContextProvider: () => ({ token: ANN }) })
    expect(server.signOuts).toHaveLength(1)
    expect(client.getState().identity).toMatchObject({ status: 'identified', userIdentifier: ANN })
    expect(client.getState().identity).not.toHaveProperty('method')
  })

  it('[ID6] signs in again by another approval when the session is over, and goes on where it was', async () => {
    const client = await signedIn()
    await client.send('hello')
    for (const socket of server.sockets) socket.emit('context:needed', { refresh: true, cause: 'expired' })
    await untilStatus(client, 'reauthentication-required')
    expect(texts(client)).toEqual(['hello'])
    await waiting(client)
    await server.logins.end('approved')
    await untilStatus(client, 'identified')
    expect(texts(client)).toEqual(['hello'])
    await client.send('back')
  })
})
