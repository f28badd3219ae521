/** Outbox entries in a `ChatStorage`, or nowhere but in memory. */
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { OutboxEntry, OutboxStore } from './outbox-entry.ts'

const KEY = 'outbox'

export function createStoredOutbox<Body>(storage: ChatStorage): OutboxStore<Body> {
  type Entries = readonly OutboxEntry<Body>[]
  return {
    load: async () => (await storage.get<Entries>(KEY)) ?? [],
    put: (entry) => storage.update<Entries>(KEY, (entries = []) => withEntry(entries, entry)),
    remove: (drop) => storage.update<Entries>(KEY, (entries = []) => entries.filter((entry) => !drop(entry))),
  }
}

/** For clients whose outbox need not outlive the page. */
export function createMemoryOutbox<Body>(): OutboxStore<Body> {
  return { load: async () => [], put: async () => {}, remove: async () => {} }
}

function withEntry<Body>(
  entries: readonly OutboxEntry<Body>[],
  entry: OutboxEntry<Body>,
): readonly OutboxEntry<Body>[] {
  const known = entries.some((one) => one.clientId === entry.clientId)
  return known ? entries.map((one) => (one.clientId === entry.clientId ? entry : one)) : [...entries, entry]
}
