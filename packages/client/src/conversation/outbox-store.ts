/** Outbox entries in a `ChatStorage`. */

import type { ClientMessageId } from '@chat-widget/protocol'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { Address, OutboxEntry, OutboxStore } from './outbox-entry.ts'
import { bytesKey, isFile } from './outgoing-file.ts'

export const OUTBOX_KEY = 'outbox'
export const SENT_KEY = 'sent'
/** Most addresses kept: a tab that slept while others sent more of its messages may send one twice. */
const SENT_AT_MOST = 100

export function createStoredOutbox<Body>(storage: ChatStorage): OutboxStore<Body> {
  type Entries = readonly OutboxEntry<Body>[]
  type Addresses = readonly Address[]
  return {
    load: async () => (await storage.get<Entries>(OUTBOX_KEY)) ?? [],
    put: (entry) => storage.update<Entries>(OUTBOX_KEY, (entries = []) => withEntry(entries, entry)),
    async remove(drop, sent) {
      // In this order: a tab that no longer finds the entry finds its address.
      if (sent !== undefined)
        await storage.update<Addresses>(SENT_KEY, (known = []) => [...known, sent].slice(-SENT_AT_MOST))
      const files: ClientMessageId[] = []
      await storage.update<Entries>(OUTBOX_KEY, (entries = []) =>
        entries.filter((entry) => {
          if (!drop(entry)) return true
          if (isFile(entry.body)) files.push(entry.clientId)
          return false
        }),
      )
      for (const clientId of files) await storage.update(bytesKey(clientId), () => undefined)
    },
    sent: async () => (await storage.get<Addresses>(SENT_KEY)) ?? [],
  }
}

function withEntry<Body>(
  entries: readonly OutboxEntry<Body>[],
  entry: OutboxEntry<Body>,
): readonly OutboxEntry<Body>[] {
  const known = entries.some((one) => one.clientId === entry.clientId)
  return known ? entries.map((one) => (one.clientId === entry.clientId ? entry : one)) : [...entries, entry]
}
