/** The stores behind the widget's `storage` attribute. */
import { databases } from '../browser/browser.ts'
import { serverAddress } from '../connection/server-address.ts'
import type { ChatStorage } from './chat-storage.ts'
import { createIndexedDbStorage } from './indexed-db-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { createSessionStorage } from './session-storage.ts'

/** `on-interaction` stores nothing before the visitor's first action, `session` until the tab is closed, `none` never. */
export type StorageMode = 'persistent' | 'session' | 'on-interaction' | 'none'

/** Without IndexedDB (Node), `persistent` is memory. */
export function createStorage(mode: StorageMode, app: string, server: string): ChatStorage {
  switch (mode) {
    case 'persistent':
      return databases() === undefined
        ? createMemoryStorage()
        : createIndexedDbStorage(app, serverAddress(server))
    case 'on-interaction':
      return { ...createStorage('persistent', app, server), waitsForAction: true }
    case 'session':
      return createSessionStorage(app, serverAddress(server))
    case 'none':
      return createMemoryStorage()
    default:
      return mode satisfies never
  }
}
