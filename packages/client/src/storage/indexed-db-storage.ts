/** Storage over IndexedDB: one database for each app and server. */
import { promisifyRequest } from 'idb-keyval'
import type { ChatStorage } from './chat-storage.ts'
import { createReopeningStore } from './reopening-store.ts'

export function createIndexedDbStorage(app: string, server: string): ChatStorage {
  const { run, close } = createReopeningStore(`chat-widget:${app}@${server}`, 'chat')
  return {
    get: <Value>(key: string) =>
      run((use) => use('readonly', (store) => promisifyRequest<Value | undefined>(store.get(key)))),
    update: <Value>(key: string, change: (value: Value | undefined) => Value, isWhole?: boolean) =>
      run((use) =>
        use('readwrite', async (store) => {
          const value = change(
            isWhole ? undefined : await promisifyRequest<Value | undefined>(store.get(key)),
          )
          // The library's own functions would store `undefined`.
          if (value === undefined) store.delete(key)
          else store.put(value, key)
          // A page that is frozen with an open transaction is dropped from the back/forward cache ([DL7]).
          store.transaction.commit()
          await promisifyRequest(store.transaction)
        }),
      ),
    close,
  }
}
