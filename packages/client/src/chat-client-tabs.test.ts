/** Several tabs of one browser: they share storage, locks and a channel, and each has a host of its own. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
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
import type { ChatClient } from './chat-client.ts'
import type { RequestContextProvider } from './chat-state.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { createFakeLocks } from './util/fake-locks.testing.ts'

useVisitorServer()

const bob = () => ({ userIdentifier: 'bob', requestContextProvider: () => ({ token: 'bob' }) })

/** What the tabs of a browser share. */
let values = new Map<string, unknown>()
let storage = createMemoryStorage(values)
const openTab = (): ChatClient =>
  createClient({ storage: { ...storage, kind: 'persistent', scope: undefined } as never })
const openTabs = (count: number) => Array.from({ length: count }, openTab)

/** One provider for each tab; all calls in one list. */
function countedProvider(answer: (call: number) => ReturnType<RequestContextProvider>) {
  const calls: boolean[] = []
  const provider: RequestContextProvider = (needsRefresh) => {
    calls.push(needsRefresh)
    return answer(calls.length)
  }
  return { calls, provider: () => ada((needsRefresh, options) => provider(needsRefresh, options)) }
}

/** Not just her name, which random ids hold as well: a, d and a are hexadecimal digits. */
const OF_ADA = /user:ada|of ada/
const stored = async () => JSON.stringify([...values.values()])

beforeEach(() => {
  values = new Map()
  storage = createMemoryStorage(values)
  vi.stubGlobal('document', {})
  vi.stubGlobal('navigator', { locks: createFakeLocks() })
})
afterEach(() => vi.unstubAllGlobals())

it('[DL2] [DL6] all tabs show what one of them sent, without waiting for a head, whichever has the connection', async () => {
  const tabs = openTabs(3)
  for (const tab of tabs) await tab.connect()
  server.holdsHeads = true
  for (const [index, tab] of tabs.entries()) await tab.send(`of tab ${index}`)
  for (const tab of tabs) await until(() => expect(texts(tab)).toEqual(['of tab 0', 'of tab 1', 'of tab 2']))
})

describe('a user in several tabs', () => {
  it('[ID3] is asked for once, though three tabs set the user at the same moment', async () => {
    const tabs = openTabs(3)
    const { calls, provider } = countedProvider(() => ({ token: 'ada' }))
    await Promise.all(tabs.map((tab) => tab.setUser(provider())))
    expect(calls).toEqual([false])
    expect(server.authentications).toHaveLength(1)
    expect(tabs.map(statusOf)).toEqual(['identified', 'identified', 'identified'])
    for (const tab of tabs) expect((await tab.send('hello')).seq).toBeGreaterThan(0)
  })

  it('[ID3] is not asked for by a tab that is opened later', async () => {
    const { calls, provider } = countedProvider(() => ({ token: 'ada' }))
    const first = openTab()
    await first.setUser(provider())
    await first.send('of the first tab')
    const second = openTab()
    await second.setUser(provider())
    await until(() => expect(texts(second)).toEqual(['of the first tab']))
    expect(calls).toEqual([false])
    expect(server.authentications).toHaveLength(1)
  })

  it('[ID4] is asked for fresh credentials once, though every tab is told that they expired', async () => {
    const tabs = openTabs(3)
    const { calls, provider } = countedProvider((call) => ({ token: `ada:${call}` }))
    await Promise.all(tabs.map((tab) => tab.setUser(provider())))
    const before = [...server.sockets]
    for (const socket of server.sockets) socket.emit('context:needed', { refresh: true, cause: 'expired' })
    await until(() => expect(server.authentications).toHaveLength(2))
    await Promise.all(tabs.map((tab) => untilStatus(tab, 'identified')))
    for (const tab of tabs) await tab.send('still here')
    expect(calls).toEqual([false, true])
    expect([...server.sockets], 'nobody had to connect anew').toEqual(before)
  })

  it('[ID6] is tried three times in all, and signed in everywhere as soon as one tab succeeds', async () => {
    const tabs = openTabs(2)
    const { calls, provider } = countedProvider(() => Promise.reject(new Error('no')))
    await Promise.all(tabs.map((tab) => tab.setUser(provider())))
    expect(tabs.map(statusOf)).toEqual(['reauthentication-required', 'reauthentication-required'])
    expect(calls).toEqual([false, false, false])
    const [first, second] = tabs as [ChatClient, ChatClient]
    const waiting = first.send('written while nobody was signed in')
    await second.setUser(ada())
    expect((await waiting).seq).toBe(1)
    expect(statusOf(first)).toBe('identified')
    expect(server.authentications).toHaveLength(1)
  })

  it('[ID14] [ID11] says in the other tabs that the anonymous session ended, and shows its conversation no more', async () => {
    const [first, second] = openTabs(2) as [ChatClient, ChatClient]
    await first.send('as a stranger')
    await second.connect()
    await until(() => expect(texts(second)).toEqual(['as a stranger']))
    const errors: string[] = []
    second.on('error', ({ code }) => errors.push(code))
    await first.setUser(ada())
    await until(() => expect(texts(second)).toEqual([]))
    expect(errors).toEqual(['session-invalid'])
    expect(statusOf(second)).toBe('anonymous')
    expect(texts(first)).toEqual(['as a stranger'])
  })

  it('asks its own host when the session that another tab offers has ended', async () => {
    // With locks it would go by the socket of the other tab, and show its session to nobody.
    vi.stubGlobal('navigator', {})
    const { calls, provider } = countedProvider(() => ({ token: 'ada' }))
    const first = openTab()
    await first.setUser(provider())
    const second = openTab()
    await second.connect()
    server.refusals.push({ code: 'session-invalid', message: 'revoked a moment ago' })
    await second.setUser(provider())
    expect(statusOf(second)).toBe('identified')
    expect(calls).toEqual([false, false])
  })

  it('[ID3] signs in on its own where the browser has no locks', async () => {
    vi.stubGlobal('navigator', {})
    const tabs = openTabs(2)
    const { calls, provider } = countedProvider(() => ({ token: 'ada' }))
    await Promise.all(tabs.map((tab) => tab.setUser(provider())))
    expect(tabs.map(statusOf)).toEqual(['identified', 'identified'])
    expect(calls.filter((needsRefresh) => needsRefresh)).toEqual([])
  })
})

describe('leaving', () => {
  it('[ID13] takes every tab along before it resolves', async () => {
    const tabs = openTabs(3)
    await Promise.all(tabs.map((tab) => tab.setUser(ada())))
    const [first, second, third] = tabs as [ChatClient, ChatClient, ChatClient]
    await second.send('of ada')
    await until(() => expect(tabs.map(texts)).toEqual([['of ada'], ['of ada'], ['of ada']]))
    third.draft = 'half a sentence of ada'
    const changes: string[] = []
    second.on('identity-change', ({ identity }) => changes.push(identity.status))

    await first.logout()
    expect(tabs.map(statusOf)).toEqual(['anonymous', 'anonymous', 'anonymous'])
    expect(tabs.map((tab) => tab.user)).toEqual([null, null, null])
    expect(tabs.map(texts)).toEqual([[], [], []])
    expect(third.draft).toBe('')
    expect(changes).toEqual(['signing-out', 'anonymous'])
    expect(await stored()).not.toMatch(OF_ADA)
    await Promise.all(tabs.map(untilConnected))
    for (const tab of tabs) await tab.send('a stranger')
    expect(statusOf(second)).toBe('anonymous')
  })

  it('[ID12] shows nothing of the first user in any tab once the second is there', async () => {
    const tabs = openTabs(2)
    await Promise.all(tabs.map((tab) => tab.setUser(ada())))
    const [first, second] = tabs as [ChatClient, ChatClient]
    await first.send('of ada')
    await until(() => expect(texts(second)).toEqual(['of ada']))
    await first.setUser(bob())
    expect(first.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(statusOf(second)).toBe('anonymous')
    expect([...texts(first), ...texts(second)]).toEqual([])
    expect(await stored()).not.toMatch(OF_ADA)
  })

  it('[ID13] leaves alone the tabs of somebody else', async () => {
    const [first, second] = openTabs(2) as [ChatClient, ChatClient]
    await first.setUser(ada())
    await second.setUser(bob())
    await first.logout()
    expect(second.getState().identity).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(server.signOuts).toHaveLength(1)
  })

  it('[ID13] of an anonymous visitor begins anew in every tab, in one new session', async () => {
    const [first, second] = openTabs(2) as [ChatClient, ChatClient]
    await first.send('a secret')
    await second.connect()
    await until(() => expect(texts(second)).toEqual(['a secret']))
    const before = server.handshakes.length
    await first.logout()
    expect([...texts(first), ...texts(second)]).toEqual([])
    await Promise.all([untilConnected(first), untilConnected(second)])
    await first.send('anew')
    await until(() => expect(texts(second)).toEqual(['anew']))
    const offered = server.handshakes.slice(before).map(({ session }) => session)
    expect(offered.filter((session) => session === undefined)).toHaveLength(1)
  })

  it('[ID13] in two tabs at once leaves one new session in three, and does not wait for a tab that leaves as well', async () => {
    const tabs = openTabs(3)
    const [first, second, third] = tabs as [ChatClient, ChatClient, ChatClient]
    await first.send('a secret')
    await Promise.all([second.connect(), third.connect()])
    await until(() => expect(tabs.map(texts)).toEqual([['a secret'], ['a secret'], ['a secret']]))
    const before = server.handshakes.length
    const began = Date.now()
    await Promise.all([first.logout(), second.logout()])
    expect(Date.now() - began, 'nobody waits for who sleeps').toBeLessThan(3_000)
    await Promise.all(tabs.map(untilConnected))
    await first.send('anew')
    await until(() => expect(tabs.map(texts)).toEqual([['anew'], ['anew'], ['anew']]))
    const offered = server.handshakes.slice(before).map(({ session }) => session)
    expect(offered.filter((session) => session === undefined)).toHaveLength(1)
  })

  it('[ID13] is of the session that is left: what is told of it later ends no other one', async () => {
    const told: unknown[] = []
    const post = BroadcastChannel.prototype.postMessage
    vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(function (
      this: BroadcastChannel,
      note: unknown,
    ) {
      if ((note as { topic: string }).topic === 'leave') told.push(note)
      post.call(this, note)
    })
    onTestFinished(() => void vi.restoreAllMocks())
    const [first, second] = openTabs(2) as [ChatClient, ChatClient]
    await first.send('a secret')
    await second.connect()
    await first.logout()
    await Promise.all([untilConnected(first), untilConnected(second)])
    await second.send('of the next')
    second.draft = 'half a sentence'
    const signOuts = server.signOuts.length
    const late = new BroadcastChannel(`chat-widget:shop@${server.url}`)
    const answers: unknown[] = []
    late.onmessage = ({ data }) => answers.push(data)
    expect(told).toHaveLength(1)
    post.call(late, told[0])
    await until(() => expect(answers).toContainEqual(expect.objectContaining({ topic: 'left' })))
    late.close()
    expect(texts(second)).toEqual(['of the next'])
    expect(second.draft).toBe('half a sentence')
    expect(server.signOuts).toHaveLength(signOuts)
    // A later departure is followed as ever.
    await second.logout()
    expect(texts(first)).toEqual([])
  })

  it('[ID13] [ID14] says in no other tab that the visitor has to sign in again', async () => {
    const tabs = openTabs(3)
    await Promise.all(tabs.map((tab) => tab.setUser(ada())))
    const [first, ...others] = tabs as [ChatClient, ChatClient, ChatClient]
    const changes: string[] = []
    for (const tab of others) tab.on('identity-change', ({ identity }) => changes.push(identity.status))
    // The browser takes its time to count tabs; the server does not.
    vi.spyOn(navigator.locks, 'query').mockReturnValue(new Promise(() => {}))
    await first.logout()
    expect(new Set(changes)).toEqual(new Set(['signing-out', 'anonymous']))
  })

  it('[ID13] is over when the server has done it, though its answer was lost', async () => {
    const client = openTab()
    await client.setUser(ada())
    const leaving = client.logout()
    await until(() => expect(statusOf(client)).toBe('signing-out'))
    server.loseSignOut = true
    await leaving
    expect(server.signOuts).toHaveLength(1)
    expect(statusOf(client)).toBe('anonymous')
  })

  it('[ID13] is asked for again of a server that cannot do it now', async () => {
    const client = openTab()
    await client.setUser(ada())
    server.signOutRefusals.push(
      { code: 'unavailable', message: 'the database is away', retryAfterMs: 1 },
      { code: 'rate-limited', message: 'too many requests', retryAfterMs: 1 },
    )
    await client.logout()
    expect(server.signOuts).toHaveLength(3)
    expect(statusOf(client)).toBe('anonymous')
  })

  it('[ID13] empties device and screen at once while offline, and revokes when the connection is back', async () => {
    const client = openTab()
    await client.setUser(ada())
    await client.send('of ada')
    client.draft = 'half a sentence of ada'
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).not.toBe('connected'))
    const unsent = client.send('never sent, of ada').catch((error) => error.code)
    const settled = vi.fn()
    const leaving = client.logout({ everywhere: true }).then(settled)
    expect(texts(client)).toEqual([])
    expect(client.draft).toBe('')
    // Written after what was sent, and before it is deleted.
    await until(() => expect(values.has('departure')).toBe(true))
    await until(async () => expect(await stored()).not.toMatch(OF_ADA))
    expect(await unsent).toBe('identity-changed')
    expect(await outboxOf(storage)).toEqual([])
    expect(statusOf(client)).toBe('signing-out')
    expect(settled).not.toHaveBeenCalled()
    expect(server.signOuts).toEqual([])
    server.isDown = false
    await leaving
    expect(server.signOuts).toEqual([{ everywhere: true }])
    expect(statusOf(client)).toBe('anonymous')
  })

  it('[ID13] revokes again where the connection broke before the server had done it', async () => {
    const client = openTab()
    await client.setUser(ada())
    const revoked = server.onSignOut
    server.onSignOut = () => {
      server.onSignOut = revoked
      server.cut()
      return new Promise(() => {})
    }
    await client.logout({ everywhere: true })
    expect(server.signOuts).toEqual([{ everywhere: true }, { everywhere: true }])
  })

  it('[ID13] forgets an anonymous secret at once while offline, and still revokes it', async () => {
    const client = openTab()
    await client.send('a secret')
    const token = server.tokens.at(-1) ?? ''
    expect(await stored()).toContain(token)
    server.isDown = true
    server.cut()
    await until(() => expect(client.getState().connection.status).not.toBe('connected'))
    const leaving = client.logout()
    await until(async () => expect(await stored()).not.toContain(token))
    server.isDown = false
    await leaving
    expect(server.signOuts).toHaveLength(1)
  })

  it('[ID12] drops what the server still tells of the user who left', async () => {
    const client = openTab()
    await client.setUser(ada())
    await client.send('of ada')
    const conversationId = server.conversationId()
    server.onSignOut = async () => {
      await server.post(conversationId, 'a late message for ada')
      for (const socket of server.sockets)
        socket.emit('conversation', {
          id: conversationId,
          status: 'open',
          headSeq: 2,
          visitorReadSeq: 0,
          agentReadSeq: 2,
        })
    }
    const seen: unknown[] = []
    client.on('change', ({ conversation }) => seen.push(...texts(client), conversation?.id))
    client.on('message-received', ({ text }) => seen.push(text))
    await client.setUser(bob())
    expect(seen).not.toContain(conversationId)
    expect(seen).not.toContain('a late message for ada')
  })

  it('[ID12] drops a new conversation that the user who left had asked for', async () => {
    const client = openTab()
    await client.setUser(ada())
    const asked = client.newConversation().catch((error) => error.code)
    await client.setUser(bob())
    expect(await asked).toBe('identity-changed')
    expect(client.getState().identity).toMatchObject({ userIdentifier: 'bob' })
  })
})
