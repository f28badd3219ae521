import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatStorage } from './chat-storage.ts'
import { runStorageContract } from './chat-storage-contract.testing.ts'
import { createStorage } from './create-storage.ts'
import { createIndexedDbStorage } from './indexed-db-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { createResilientStorage, type ResilientStorage } from './resilient-storage.ts'
import { createSessionStorage } from './session-storage.ts'

const SERVER = 'https://chat.example.com'

function createArea(): Storage {
  const area = {} as Record<string, string>
  const methods = {
    getItem: (key: string) => area[key] ?? null,
    setItem: (key: string, value: string) => void Object.assign(area, { [key]: value }),
    removeItem: (key: string) => void delete area[key],
  }
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(area, name, { value, enumerable: false })
  }
  return area as unknown as Storage
}

/** A store that can be told to refuse. */
function createMoodyStorage(): ChatStorage & { refuses: boolean } {
  const inner = createMemoryStorage()
  const guard = () => {
    if (storage.refuses) throw new DOMException('no', 'QuotaExceededError')
  }
  const storage: ChatStorage & { refuses: boolean } = {
    refuses: false,
    get: async (key) => {
      guard()
      return inner.get(key)
    },
    update: async (key, change) => {
      guard()
      return inner.update(key, change)
    },
  }
  return storage
}

const silent = { onFailure: () => {}, onRecovery: () => {} }

/** A store that waits for the visitor's first action. */
const waiting = (inner: ChatStorage) => createResilientStorage({ ...inner, waitsForAction: true }, silent)

describe('memory', () => {
  let storage: ChatStorage
  beforeEach(() => {
    storage = createMemoryStorage()
  })
  runStorageContract(() => storage)
})

describe('IndexedDB', () => {
  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    return () => vi.unstubAllGlobals()
  })
  runStorageContract(() => createIndexedDbStorage('shop', SERVER))

  it('keeps apps apart', async () => {
    await createIndexedDbStorage('shop', SERVER).update('key', () => 1)
    expect(await createIndexedDbStorage('bank', SERVER).get('key')).toBeUndefined()
  })

  it('[DL5] opens a connection again that the browser has closed', async () => {
    const opened: IDBDatabase[] = []
    const { open } = indexedDB
    vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
      const request = open.call(indexedDB, name, version)
      request.addEventListener('success', () => opened.push(request.result))
      return request
    })
    const storage = createIndexedDbStorage('shop', SERVER)
    await storage.update('key', () => 1)
    opened[0]?.close()
    expect(await storage.get('key')).toBe(1)
    expect(opened).toHaveLength(2)
  })

  it('rejects where the browser refuses', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    })
    await expect(createIndexedDbStorage('shop', SERVER).get('key')).rejects.toThrow('insecure')
  })
})

describe('session', () => {
  let area: Storage
  beforeEach(() => {
    area = createArea()
  })
  runStorageContract(() => createSessionStorage('shop', SERVER, () => area))
})

describe('on interaction', () => {
  let values = new Map<string, unknown>()
  let inner: ChatStorage
  let storage: ResilientStorage
  beforeEach(() => {
    values = new Map()
    inner = createMemoryStorage(values)
    storage = waiting(inner)
  })
  runStorageContract(() => storage)

  it('keeps a value apart from what the caller does to it', async () => {
    const list = [1]
    await storage.set('key', list)
    list.push(2)
    expect(await storage.get('key')).toEqual([1])
  })

  it('stores nothing before the first action, and everything after it', async () => {
    await inner.update('old', () => 'stored before')
    await storage.set('a', 1)
    await storage.update<number>('b', (value = 0) => value + 2)
    await storage.set('old', undefined)
    expect([...values.keys()]).toEqual(['old'])
    expect(await storage.get('a')).toBe(1)
    expect(await storage.get('old')).toBeUndefined()
    storage.activate()
    await storage.set('c', 3)
    expect(await Promise.all(['a', 'b', 'c', 'old'].map((key) => inner.get(key)))).toEqual([
      1,
      2,
      3,
      undefined,
    ])
  })

  it('tries again to write down what the store refused at the first action', async () => {
    const moody = createMoodyStorage()
    const storage = waiting(moody)
    await storage.set('a', 1)
    moody.refuses = true
    storage.activate()
    await storage.set('b', 2)
    expect(storage.saved).toBe('memory')
    moody.refuses = false
    await storage.set('b', 2)
    expect(await moody.get('a')).toBe(1)
    expect(storage.saved).toBe('persistent')
  })
})

describe('resilient', () => {
  let storage: ChatStorage
  beforeEach(() => {
    storage = createResilientStorage(createMemoryStorage(), silent)
  })
  runStorageContract(() => storage)

  it('[DL5] holds in memory what the store refuses, says so, and stores it when it can', async () => {
    const moody = createMoodyStorage()
    await moody.update('outbox', () => ['stored before'])
    const onFailure = vi.fn()
    const onRecovery = vi.fn()
    const resilient = createResilientStorage(moody, { onFailure, onRecovery })
    expect(resilient.saved).toBe('persistent')
    moody.refuses = true
    await resilient.update<string[]>('outbox', (list = []) => [...list, 'refused'])
    await resilient.set('draft', 'half a')
    await resilient.set('draft', undefined)
    expect(resilient.saved).toBe('memory')
    expect(await resilient.get('outbox')).toEqual(['refused'])
    expect(await resilient.get('draft')).toBeUndefined()
    expect(onFailure).toHaveBeenCalledTimes(1)
    moody.refuses = false
    await resilient.set('other', 1)
    expect(resilient.saved).toBe('persistent')
    expect(onRecovery).toHaveBeenCalledTimes(1)
    expect(await moody.get('outbox')).toEqual(['stored before', 'refused'])
  })

  it.each([
    ['resilient', (inner: ChatStorage) => createResilientStorage(inner, silent)],
    ['on interaction', waiting],
  ])('[DL5] holds no more for a key than its last whole value needs: %s', async (_kind, create) => {
    const moody = createMoodyStorage()
    moody.refuses = true
    const storage = create(moody)
    const overtaken = vi.fn((value?: number) => value ?? 0)
    for (let index = 0; index < 5; index += 1) await storage.update('draft', overtaken)
    await storage.set('draft', 1)
    await storage.update<number>('draft', (value = 0) => value + 1)
    overtaken.mockClear()
    moody.refuses = false
    storage.activate()
    await storage.set('other', 1)
    expect(await moody.get('draft')).toBe(2)
    expect(overtaken).not.toHaveBeenCalled()
  })

  it('never claims that memory outlives the page', () => {
    expect(createResilientStorage(createMemoryStorage(), silent).saved).toBe('memory')
  })
})

it('falls back to memory where there is no IndexedDB', () => {
  expect(createStorage('persistent', 'shop', SERVER).kind).toBe('memory')
  expect(createStorage('none', 'shop', SERVER).kind).toBe('memory')
})
