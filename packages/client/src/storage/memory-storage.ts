/** Storage that ends with the page: for Node, and for hosts that want nothing stored. */
import { copyOf } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'

/** `values` is for tests. */
export function createMemoryStorage(values = new Map<string, unknown>()): ChatStorage {
  return {
    kind: 'memory',
    scope: 'tab',
    // Copied in and out, as by a database: no caller shares an object with the store.
    get: async <Value>(key: string) => copyOf(values.get(key)) as Value | undefined,
    async update<Value>(key: string, change: (value: Value | undefined) => Value) {
      const value = copyOf(change(copyOf(values.get(key)) as Value | undefined))
      if (value === undefined) values.delete(key)
      else values.set(key, value)
    },
  }
}
