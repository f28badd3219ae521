/** What one tab wrote and the visitor's other tabs make of it: they share storage, locks and a channel. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient, outboxOf, server, texts, until, useVisitorServer } from '../chat-client.testing.ts'
import type { ChatClient } from '../chat-client.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createFakeLocks } from '../util/fake-locks.testing.ts'

useVisitorServer()

let storage = createMemoryStorage()
/** A tab that is opened now. */
const openTab = (): ChatClient =>
  createClient({ storage: { ...storage, kind: 'persistent', scope: undefined } as never })
/** The browser's word on the network, which a tab believes when it connects. */
const network = { onLine: true, locks: createFakeLocks() }

beforeEach(() => {
  storage = createMemoryStorage()
  network.onLine = true
  vi.stubGlobal('document', {})
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
