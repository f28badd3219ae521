/** Storage of one tab that is written at once: it holds even if the page is left in the same task. */
import { attempt, tabArea } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'
import type { ResilientStorage } from './resilient-storage.ts'
import { createSessionStorage } from './session-storage.ts'

/** Uses `shared` if the host wants nothing stored, or if the browser has no storage for tabs or refuses it. */
export function createTabStorage(app: string, server: string, shared: ResilientStorage): ChatStorage {
  if (shared.saved !== 'persistent') return shared
  const isThere = attempt(() => tabArea()?.getItem('') === null) === true
  return isThere ? createSessionStorage(app, server) : shared
}
