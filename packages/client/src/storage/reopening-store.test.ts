import { IDBDatabase, IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { get, set } from 'idb-keyval'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReopeningStore } from './reopening-store.ts'

/** Connections, each with its state. */
let opened: { isOpen: boolean }[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  opened = []
  const { open } = indexedDB
  vi.spyOn(indexedDB, 'open').mockImplementation((name) => {
    const request = open.call(indexedDB, name)
    request.addEventListener('success', () => {
      const state = { isOpen: true }
      const { close } = request.result
      request.result.close = function (this: IDBDatabase) {
        state.isOpen = false
        close.call(this)
      }
      opened.push(state)
    })
    return request
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const openStore = () => createReopeningStore('test', 'things')
/** Lets the time limit of the database pass. */
function atTheLimit<Value>(result: Promise<Value>): Promise<Value> {
  void vi.advanceTimersByTimeAsync(5_000)
  return result
}
const openCount = () => opened.filter(({ isOpen }) => isOpen).length

describe('a store that reopens', () => {
  it('[DL5] rejects when the database never opens, and asks it no more for a while', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockReturnValue(new EventTarget() as IDBOpenDBRequest)
    const { run } = openStore()
    await expect(atTheLimit(run((store) => get('key', store)))).rejects.toThrow('does not answer')
    for (let index = 0; index < 5; index += 1)
      await expect(run((store) => set('key', 1, store))).rejects.toThrow('does not answer')
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('[DL5] rejects when the database stops answering in the middle, and lets go of it', async () => {
    const { run } = openStore()
    await run((store) => set('key', 1, store))
    vi.spyOn(IDBObjectStore.prototype, 'get').mockReturnValue(new EventTarget() as never)
    await expect(atTheLimit(run((store) => get('key', store)))).rejects.toThrow('does not answer')
    expect(openCount()).toBe(0)
  })

  it('[DL5] tries each of those again that a lost connection has failed, on one new one', async () => {
    const { run } = openStore()
    await run((store) => set('key', 1, store))
    // As Safari does in the background, without an event.
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
    ) {
      transaction.mockRestore()
      this.close()
      throw new DOMException('The connection is closing.', 'InvalidStateError')
    })
    const read = () => run((store) => get('key', store))
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
    expect(opened).toHaveLength(2)
  })

  it('[DL5] opens no connection for a write that is refused', async () => {
    const { run } = openStore()
    await run((store) => set('key', 1, store))
    for (const name of ['QuotaExceededError', 'UnknownError']) {
      vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
        throw new DOMException('no', name)
      })
      for (let index = 0; index < 20; index += 1)
        await expect(run((store) => set('key', 2, store))).rejects.toThrow('no')
      expect(openCount()).toBe(1)
    }
    // A seemingly lost connection was opened again, once.
    expect(opened.length).toBeLessThanOrEqual(2)
  })

  it('[DL5] stands in nobody’s way who deletes the database, and begins it anew', async () => {
    const { run } = openStore()
    await run((store) => set('key', 1, store))
    const blocked = vi.fn()
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase('test')
      request.onblocked = blocked
      request.onsuccess = resolve
      request.onerror = reject
    })
    expect(blocked).not.toHaveBeenCalled()
    expect(await run((store) => get('key', store))).toBeUndefined()
    await run((store) => set('key', 2, store))
    expect(await run((store) => get('key', store))).toBe(2)
  })

  it('[DL5] has no connection open once it is closed, and may be used again', async () => {
    const store = openStore()
    await store.run((things) => set('key', 1, things))
    store.close()
    await Promise.resolve()
    expect(openCount()).toBe(0)
    expect(await store.run((things) => get('key', things))).toBe(1)
  })
})
