/** Storage over IndexedDB: one database for each app and server. */
import { createStore, del, get, keys, set, type UseStore, update } from 'idb-keyval'
import type { ChatStorage } from './chat-storage.ts'

export function createIndexedDbStorage(app: string, server: string): ChatStorage {
  const open = () => createStore(`chat-widget:${app}@${server}`, 'chat')
  let store: UseStore | undefined
  /** Browsers close connections behind our back (Safari does, in the background): once more, on a new one. */
  const run = async <Value>(task: (store: UseStore) => Promise<Value>): Promise<Value> => {
    try {
      store ??= open()
      return await task(store)
    } catch {
      store = open()
      return task(store)
    }
  }
  return {
    get: <Value>(key: string) => run((db) => get<Value>(key, db)),
    set: (key, value) => run((db) => set(key, value, db)),
    update: (key, change) => run((db) => update(key, change, db)),
    delete: (key) => run((db) => del(key, db)),
    keys: () => run((db) => keys<string>(db)),
  }
}
