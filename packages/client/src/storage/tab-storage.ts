/** Storage of one tab that is written at once: it holds also when the page is left in the very same task. */
import { attempt, tabArea } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'
import type { ResilientStorage } from './resilient-storage.ts'
import { createSessionStorage } from './session-storage.ts'

/** `shared` where the host wants nothing stored, and where the browser has no storage for tabs or refuses it. */
export function createTabStorage(app: string, server: string, shared: ResilientStorage): ChatStorage {
  if (shared.saved !== 'persistent') return shared
  const isThere = attempt(() => tabArea()?.getItem('') === null) === true
  return isThere ? createSessionStorage(app, server) : shared
}
