/** Storage over IndexedDB: one database for each app and server. */
import { get, update } from 'idb-keyval'
import type { ChatStorage } from './chat-storage.ts'
import { createReopeningStore } from './reopening-store.ts'

export function createIndexedDbStorage(app: string, server: string): ChatStorage {
  const { run, close } = createReopeningStore(`chat-widget:${app}@${server}`, 'chat')
  return {
    get: <Value>(key: string) => run((db) => get<Value>(key, db)),
    update: (key, change) => run((db) => update(key, change, db)),
    close,
  }
}
