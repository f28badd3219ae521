import { afterEach, describe, expect, it } from 'vitest'
import type { ChatStorage } from './chat-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { createResilientStorage } from './resilient-storage.ts'
import { createTabStorage } from './tab-storage.ts'

const silent = { onFailure() {}, onRecovery() {} }

/** A store shared by all tabs. */
function createShared(kind: 'persistent' | 'memory' = 'persistent') {
  const inner: ChatStorage = { ...createMemoryStorage(), kind }
  return {
    inner,
    storage: createTabStorage('shop', 'https://chat.test', createResilientStorage(inner, silent)),
  }
}

/** `sessionStorage` of a page; Node has none. */
function giveSession(refuses = false) {
  const values = new Map<string, string>()
  const guard = () => {
    if (refuses) throw new DOMException('blocked', 'SecurityError')
  }
  const area = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get() {
      guard()
      return area
    },
  })
  return values
}

afterEach(() => void Reflect.deleteProperty(globalThis, 'sessionStorage'))

describe('storage of a tab', () => {
  it('[ID15] has written when it returns, as nothing else runs where the page is left', async () => {
    const values = giveSession()
    const { inner, storage } = createShared()
    void storage.update('logins', () => [1])
    expect([...values.values()]).toEqual(['[1]'])
    expect(await storage.get('logins')).toEqual([1])
    expect(await inner.get('logins')).toBeUndefined()
    await storage.update('logins', () => undefined)
    expect(values.size).toBe(0)
  })

  it.each([
    ['is missing', () => {}],
    ['refuses', () => void giveSession(true)],
  ])('falls back to what the tabs share where the tab’s own store %s', async (_what, prepare) => {
    prepare()
    const { inner, storage } = createShared()
    await storage.update('logins', () => [1])
    expect(await inner.get('logins')).toEqual([1])
    expect(await storage.get('logins')).toEqual([1])
  })

  it('stores nothing where the host wants nothing stored', async () => {
    const values = giveSession()
    const { storage } = createShared('memory')
    await storage.update('logins', () => [1])
    expect(values.size).toBe(0)
    expect(await storage.get('logins')).toEqual([1])
  })
})
