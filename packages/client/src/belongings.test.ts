/** What a device keeps of a visitor, over storage that refuses, hangs, or was written by other tabs. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Belongings } from './belongings.ts'
import type { ChatStorage } from './storage/chat-storage.ts'
import { type ClientStorage, createClientStorage } from './storage/client-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import type { Tabs, TabTopic } from './tabs/tabs.ts'

let inner: ChatStorage
let isLeaving = false
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
    tabs,
    isFollowing: () => false,
    isLeaving: () => isLeaving,
    changed() {},
  })
}

beforeEach(() => {
  inner = { ...createMemoryStorage(), kind: 'persistent' }
  isLeaving = false
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
