/** What one tab wrote and the visitor's other tabs make of it: they share storage, locks and a channel. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient, outboxOf, server, texts, until, useVisitorServer } from '../chat-client.testing.ts'
import type { ChatClient } from '../chat-client.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createFakeLocks, locksOfTab } from '../util/fake-locks.testing.ts'

useVisitorServer()

let storage = createMemoryStorage()
/** A tab that is opened now. `page` tells it what its window would. */
function openTab(page = new EventTarget()): ChatClient {
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  return createClient({ storage: { ...storage, kind: 'persistent', scope: undefined } as never })
}
/** The browser's word on the network, which a tab believes when it connects. */
const network = { onLine: true, locks: createFakeLocks() }

beforeEach(() => {
  storage = createMemoryStorage()
  network.onLine = true
  vi.stubGlobal('window', {})
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('navigator', network)
})
afterEach(() => vi.unstubAllGlobals())

/** A tab that is connected and has the visitor's session, and one without a connection. */
async function openBoth(): Promise<{ connected: ChatClient; offline: ChatClient }> {
  const connected = openTab()
  await connected.connect()
  network.onLine = false
  const offline = openTab()
  offline.connect().catch(() => {})
  await until(() => expect(offline.getState().connection.status).toBe('offline'))
  network.onLine = true
  return { connected, offline }
}

const serverTexts = () => (server.messages.get(server.conversationId()) ?? []).map(({ text }) => text)

describe('a tab without a connection', () => {
  it('[DL6] has its messages sent by another tab at once, before what that one writes later', async () => {
    const { connected, offline } = await openBoth()
    offline.send('first').catch(() => {})
    offline.send('second').catch(() => {})
    // The other tab may be quicker than who looks.
    const isWritten = async () => (await outboxOf(storage)).length > 0 || serverTexts().length > 0
    await until(async () => expect(await isWritten()).toBe(true))
    await offline.close()
    await until(() => expect(serverTexts()).toEqual(['first', 'second']))
    await connected.send('third')
    expect(serverTexts()).toEqual(['first', 'second', 'third'])
    await until(() => expect(texts(connected)).toEqual(['first', 'second', 'third']))
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
  })

  it('[DL6] that was closed while nobody was connected has them sent first by the tab that connects', async () => {
    network.onLine = false
    const [first, second] = [openTab(), openTab()]
    first.connect().catch(() => {})
    await until(() => expect(first.getState().connection.status).toBe('offline'))
    first.send('earlier').catch(() => {})
    await until(async () => expect(await outboxOf(storage)).toHaveLength(1))
    await first.close()
    network.onLine = true
    await second.send('later')
    expect(serverTexts()).toEqual(['earlier', 'later'])
    await until(() => expect(texts(second)).toEqual(['earlier', 'later']))
  })
})

describe('a message that another tab has sent', () => {
  const AWAY: [string, Event | undefined, Event][] = [
    ['has no connection', undefined, new Event('online')],
    [
      'is in the back/forward cache',
      new Event('pagehide'),
      Object.assign(new Event('pageshow'), { persisted: true }),
    ],
  ]
  it.each(AWAY)(
    '[DL4] [DL6] is not sent to the next conversation by the one that %s',
    async (_what, hide, back) => {
      const [page, otherPage] = [new EventTarget(), new EventTarget()]
      const [away, other] = [openTab(page), openTab(otherPage)]
      await Promise.all([away.connect(), other.connect()])
      const first = server.conversationId()
      network.onLine = false
      page.dispatchEvent(new Event('offline'))
      const sent = away.send('once')
      await until(async () => expect(await outboxOf(storage)).toHaveLength(1))
      if (hide !== undefined) page.dispatchEvent(hide)
      network.onLine = true
      otherPage.dispatchEvent(new Event('online'))
      await until(() => expect(serverTexts()).toEqual(['once']))
      await until(async () => expect(await outboxOf(storage)).toEqual([]))

      const next = await other.newConversation()
      page.dispatchEvent(back)
      expect(await sent).toMatchObject({ conversationId: first, seq: 1 })
      expect(server.messages.get(next)).toBeUndefined()
      expect(away.getState().conversation?.id).toBe(next)
    },
  )
})

describe('a tab that crashes', () => {
  it.each([
    ['with its first message under way', 0],
    ['with a message under way that it wrote after the other was opened', 1],
  ])(
    '[DL6] %s has it sent by another tab at once, before what that one writes later',
    async (_case, before) => {
      const locks = network.locks
      const own = locksOfTab(locks)
      network.locks = own
      const crashing = openTab()
      await crashing.connect()
      for (let count = 0; count < before; count += 1) await crashing.send('before')
      // The other tab would take it along, and be told to wait with it.
      await until(async () => expect(await outboxOf(storage)).toEqual([]))
      network.locks = locks
      const other = openTab()
      await other.connect()
      network.locks = own
      server.onSend = () => ({
        ok: false,
        error: { code: 'unavailable', message: 'not now', retryAfterMs: 600_000 },
      })
      const count = server.sends.length
      crashing.send('first').catch(() => {})
      crashing.send('second').catch(() => {})
      await until(() => expect(server.sends.length).toBeGreaterThan(count))
      await until(async () => expect(await outboxOf(storage)).toHaveLength(2))
      network.locks = locks
      await until(async () => expect((await locks.query()).pending).not.toEqual([]))
      server.onSend = () => undefined
      own.crash()
      await until(() => expect(serverTexts().slice(before)).toEqual(['first', 'second']))
      await other.send('third')
      expect(serverTexts().slice(before)).toEqual(['first', 'second', 'third'])
    },
  )
})

describe('a conversation that one tab chooses', () => {
  it('[DL15] [CV3] is shown in all; what another wrote before goes where it was written, and its draft stays there', async () => {
    const [first, second] = [openTab(), openTab()]
    await Promise.all([first.connect(), second.connect()])
    await first.send('before')
    await until(() => expect(texts(second)).toEqual(['before']))
    const written = server.conversationId()
    const unavailable = { code: 'unavailable', message: 'not now', retryAfterMs: 1 } as const
    server.onSend = () => ({ ok: false, error: unavailable })
    const sent = [second.send('one'), second.send('two')]
    second.draft = 'three'
    await until(() => expect(server.sends.length).toBeGreaterThan(1))
    await until(() => expect(first.draft).toBe('three'))
    const chosen = await first.newConversation()
    await until(() => expect(second.getState().conversation?.id).toBe(chosen))
    server.onSend = () => undefined
    for (const message of await Promise.all(sent)) expect(message.conversationId).toBe(written)
    expect(server.messages.get(written)?.map(({ text }) => text)).toEqual(['before', 'one', 'two'])
    expect(server.messages.get(chosen)).toBeUndefined()
    await until(() => expect([first.draft, second.draft]).toEqual(['', '']))
    await first.showConversation(written)
    await until(() => expect(texts(second)).toEqual(['before', 'one', 'two']))
    await until(() => expect([first.draft, second.draft]).toEqual(['three', 'three']))
  })
})

describe('a draft', () => {
  it('[DL6] is one in all tabs, and goes when it is sent', async () => {
    const [first, second] = [openTab(), openTab()]
    await Promise.all([first.connect(), second.connect()])
    first.draft = 'half a sen'
    await until(() => expect(second.draft).toBe('half a sen'))
    second.draft = 'half a sentence'
    await until(() => expect(first.draft).toBe('half a sentence'))
    first.draft = ''
    await until(() => expect(second.draft).toBe(''))
  })
})
