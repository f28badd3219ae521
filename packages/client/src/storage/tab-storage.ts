/** Storage of one tab that is written at once: it holds also when the page is left in the very same task. */
import type { ChatStorage } from './chat-storage.ts'
import type { ResilientStorage } from './resilient-storage.ts'
import { createSessionStorage } from './session-storage.ts'

export type TabStorage = Pick<ChatStorage, 'get' | 'set' | 'delete'>

/** `shared` takes over where the host wants nothing stored, and where the tab's own store is missing or refuses. */
export function createTabStorage(app: string, server: string, shared: ResilientStorage): TabStorage {
  if (shared.saved === 'memory') return shared
  const own = createSessionStorage(app, server)
  return {
    get: <Value>(key: string) => own.get<Value>(key).catch(() => shared.get<Value>(key)),
    set: (key, value) => own.set(key, value).catch(() => shared.set(key, value)),
    delete: (key) => own.delete(key).catch(() => shared.delete(key)),
  }
}
