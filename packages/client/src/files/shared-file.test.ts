/** A file that several tabs of a visitor have in their outbox: they share storage, locks, and mostly a channel. */
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createClient, outboxOf, server, texts, until, useVisitorServer } from '../chat-client.testing.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createIndexedDbStorage } from '../storage/indexed-db-storage.ts'
import { createFakeLocks, locksOfTab } from '../util/fake-locks.testing.ts'

useVisitorServer()

const PIECE = 1024 ** 2
const network = { onLine: true, locks: createFakeLocks() }
let storage: ChatStorage

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('window', {})
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('navigator', network)
  network.onLine = true
  network.locks = createFakeLocks()
  storage = createIndexedDbStorage('shared', 'http://chat.test')
})
afterEach(() => vi.unstubAllGlobals())

const openTab = () => {
  vi.stubGlobal('addEventListener', () => {})
  return createClient({ storage })
}
const textFile = (size: number) => new File(['x'.repeat(size)], 'notes.txt', { type: 'text/plain' })

/** Holds back the piece of a file that is number `count`, of all that are sent; resolves when it is there. */
function holdPiece(count: number): { readonly held: Promise<void>; release(): void } {
  let [pieces, reached, release] = [0, () => {}, () => {}]
  const held = new Promise<void>((resolve) => {
    reached = resolve
  })
  const released = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined)
  })
  server.relay.onHttp = async (method) => {
    if (method === 'PATCH') pieces += 1
    if (method !== 'PATCH' || pieces !== count) return undefined
    reached()
    return released
  }
  return { held, release: () => release() }
}

it('[FI11] [DL4] is uploaded by one tab, though each believes that it leads, and sent once', async () => {
  vi.stubGlobal('BroadcastChannel', undefined)
  const first = openTab()
  await first.connect()
  const { held, release } = holdPiece(2)
  const sent = first.send({ file: textFile(2 * PIECE) })
  await held
  const second = openTab()
  await second.connect()
  const waits = async () =>
    (await network.locks.query()).pending?.some(({ name }) => name?.startsWith('chat-widget-file:'))
  await until(async () => expect(await waits()).toBe(true))
  release()
  expect((await sent).seq).toBe(1)
  await until(() => expect(texts(second)).toEqual(['File: notes.txt (2.1 MB)']))
  await until(async () => expect(await outboxOf(storage)).toEqual([]))
  expect((await second.send('after')).seq).toBe(2)
  expect(server.relay.http).toEqual(['HEAD', 'PATCH 0', `PATCH ${PIECE}`])
})

it('[FI11] [DL6] of a tab that crashes in the middle goes on in another, from where the server has it, and is sent once', async () => {
  const { locks } = network
  const own = locksOfTab(locks)
  network.locks = own
  const crashing = openTab()
  await crashing.connect()
  network.locks = locks
  const other = openTab()
  await other.connect()
  network.locks = own
  const { held } = holdPiece(2)
  crashing.send({ file: textFile(3 * PIECE), text: 'words' }).catch(() => {})
  await held
  await until(async () => expect(await outboxOf(storage)).toMatchObject([{ body: { file: { id: {} } } }]))
  network.locks = locks
  await until(async () => expect((await locks.query()).pending).not.toEqual([]))
  server.relay.http.length = 0
  own.crash()
  await until(() => expect(texts(other)).toEqual(['words\nFile: notes.txt (3.1 MB)']))
  expect(server.relay.http).toEqual(['HEAD', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`])
  await until(async () => expect(await outboxOf(storage)).toEqual([]))
  expect((await other.send('after')).seq).toBe(2)
})
