/** What a device keeps of a visitor, over storage that refuses, hangs, or was written by other tabs. */
import type { LoginRequestId } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Belongings, type LoadLogins } from './belongings.ts'
import { LoginRequests } from './login-requests.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { type ClientStorage, createClientStorage } from './storage/client-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import type { Tabs, TabTopic } from './tabs/tabs.ts'

let inner: ChatStorage
let isLeaving = false
const loadLogins = vi.fn<LoadLogins>()
const listeners = new Map<TabTopic, (value: never) => unknown>()
const tabs: Pick<Tabs, 'tell' | 'tellWhenGone' | 'on'> = {
  tell() {},
  tellWhenGone: async () => {},
  on: (topic, listener) => void listeners.set(topic, listener),
}

function open(): Belongings {
  const storage: ClientStorage = createClientStorage('shop', 'https://chat.test', inner, {
    report() {},
    changed() {},
  })
  return new Belongings({
    storage,
    send: () => new Promise(() => {}),
    loadLogins,
    tabs,
    isFollowing: () => false,
    isLeaving: () => isLeaving,
    changed() {},
  })
}

beforeEach(() => {
  inner = { ...createMemoryStorage(), kind: 'persistent' }
  isLeaving = false
  loadLogins.mockReset().mockResolvedValue({ LoginRequests })
})
afterEach(() => void vi.useRealTimers())

const refuse = () => Promise.reject(new DOMException('no', 'TimeoutError'))

describe('the mark of a departure', () => {
  it('[ID13] of before the page was opened is missed by nobody, also where it could not be read then', async () => {
    await inner.update('departure', () => 'long ago')
    const { get } = inner
    inner.get = refuse
    const belongings = open()
    await belongings.load()
    inner.get = get
    expect(await belongings.missedDeparture()).toBeUndefined()
    await inner.update('departure', () => 'now')
    expect(await belongings.missedDeparture()).toBe('now')
  })

  it('[ID13] that is the first one ever is missed by nobody either', async () => {
    const belongings = open()
    await belongings.load()
    await inner.update('departure', () => 'now')
    expect(await belongings.missedDeparture()).toBe('now')
  })

  it('[ID13] that cannot be read is none', async () => {
    await inner.update('departure', () => 'long ago')
    const { get } = inner
    const belongings = open()
    await belongings.load()
    inner.get = refuse
    expect(await belongings.missedDeparture()).toBeUndefined()
    inner.get = get
    expect(await belongings.missedDeparture()).toBeUndefined()
  })

  it('[ID13] that this tab leaves while it reads the one before is its own', async () => {
    await inner.update('departure', () => 'long ago')
    const { get } = inner
    let release = () => {}
    const isAsked = new Promise<void>((asked) => {
      inner.get = async <Value>(key: string) => {
        const value = await get<Value>(key)
        if (key !== 'departure') return value
        asked()
        await new Promise<void>((resolve) => {
          release = resolve
        })
        return value
      }
    })
    const belongings = open()
    const loaded = belongings.load()
    await isAsked
    await belongings.forget('user:ada', 'now', 'anonymous')
    release()
    await loaded
    inner.get = get
    expect(await belongings.missedDeparture()).toBeUndefined()
  })
})

it('[ID12] takes no draft of another tab while its visitor leaves', () => {
  const belongings = open()
  isLeaving = true
  listeners.get('draft')?.('half of ada' as never)
  expect(belongings.draft.text).toBe('')
  isLeaving = false
  listeners.get('draft')?.('half of bob' as never)
  expect(belongings.draft.text).toBe('half of bob')
})

describe('login requests', () => {
  const TAP = { reason: 'message', messageId: null, conversationId: null } as const
  const states = (belongings: Belongings) => belongings.logins?.list().map(({ state }) => state.status)

  /** An earlier page's; returns its id. */
  async function storeOne(): Promise<LoginRequestId> {
    const before = open()
    const { login } = before.useLogins(LoginRequests).request(TAP)
    await vi.waitFor(async () => expect(await inner.get('logins')).toHaveLength(1))
    await before.close()
    return login.requestId
  }

  it('[ID15] need no code where an earlier page has stored none', async () => {
    const belongings = open()
    await belongings.load()
    await belongings.withLogins(() => expect.fail('there is none'))
    expect(loadLogins).not.toHaveBeenCalled()
    expect(belongings.logins).toBeNull()
  })

  it('[ID15] of an earlier page can be ended before their code is there', async () => {
    const requestId = await storeOne()
    const belongings = open()
    let loaded = (_code: Awaited<ReturnType<LoadLogins>>) => {}
    loadLogins.mockReturnValue(new Promise((resolve) => (loaded = resolve)))
    // It waits for no code: that may be as far away as the server.
    await belongings.load()
    void belongings.withLogins((logins) => logins.cancel(requestId))
    await vi.waitFor(() => expect(loadLogins).toHaveBeenCalledTimes(2))
    loaded({ LoginRequests })
    await vi.waitFor(() => expect(states(belongings)).toEqual(['canceled']))
    await belongings.close()
  })

  it('[ID15] of an earlier page are known as soon as their code can be loaded', async () => {
    await storeOne()
    const belongings = open()
    loadLogins.mockRejectedValueOnce(new TypeError('offline'))
    await belongings.load()
    await vi.waitFor(() => expect(loadLogins).toHaveBeenCalledTimes(1))
    expect(belongings.logins).toBeNull()
    await belongings.withLogins()
    await vi.waitFor(() => expect(states(belongings)).toEqual(['requested']))
    await belongings.close()
  })

  it('[ID12] [ID15] of the next visitor are not ended by what happened to the one before', async () => {
    await storeOne()
    const belongings = open()
    let loaded = (_code: Awaited<ReturnType<LoadLogins>>) => {}
    loadLogins.mockReturnValue(new Promise((resolve) => (loaded = resolve)))
    const told = belongings.withLogins((logins) => logins.failed())
    await vi.waitFor(() => expect(loadLogins).toHaveBeenCalled())
    await belongings.forget('user:ada', 'now', 'anonymous')
    expect(await inner.get('logins')).toBeUndefined()
    belongings.useLogins(LoginRequests).request(TAP)
    loaded({ LoginRequests })
    await told
    expect(states(belongings)).toEqual(['requested'])
    await belongings.close()
  })

  it('[ID15] are not ended by what happened before the tap', async () => {
    const belongings = open()
    await belongings.load()
    const told = belongings.withLogins((logins) => logins.signedIn())
    const logins = belongings.useLogins(LoginRequests)
    logins.request(TAP)
    await told
    await logins.load()
    expect(states(belongings)).toEqual(['requested'])
    await belongings.close()
  })

  it('[ID15] begin nothing once the client is closed', async () => {
    await storeOne()
    const belongings = open()
    let loaded = (_code: Awaited<ReturnType<LoadLogins>>) => {}
    loadLogins.mockReturnValue(new Promise((resolve) => (loaded = resolve)))
    const told = belongings.withLogins(() => expect.fail('closed'))
    await vi.waitFor(() => expect(loadLogins).toHaveBeenCalled())
    await belongings.close()
    loaded({ LoginRequests })
    await told
    expect(belongings.logins).toBeNull()
  })
})

describe('closing', () => {
  /** What `send()` is told, and the draft that is written down beside it, where `key` is never written. */
  async function closedWhileHanging(key: string): Promise<string> {
    vi.useFakeTimers()
    const { update } = inner
    const hang = () => new Promise<void>(() => {})
    inner.update = (name, change) => (name === key ? hang() : update(name, change))
    const belongings = open()
    const sent = belongings.outgoing.send('hello', 'anonymous', null).catch(({ code }) => code)
    await vi.advanceTimersByTimeAsync(0)
    belongings.draft.text = 'half a'
    void belongings.close()
    await vi.advanceTimersByTimeAsync(20_000)
    return sent as never
  }

  it('[DL1] says of a message that was not written down that it is not kept', async () => {
    expect(await closedWhileHanging('outbox')).toBe('closed')
  })

  it('[DL1] says of a message that was written down that it is kept, though something else was not', async () => {
    expect(await closedWhileHanging('draft')).toBe('send-pending')
  })
})
