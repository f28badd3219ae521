/** Deletes files that were never sent, and those whose message is gone. */
import type { FileId } from '@chat-widget/protocol'
import type { Storage } from '../storage/storage.ts'
import type { Purge } from '../upkeep/purges.ts'
import { TICKET_MS, UNSENT_MS } from './file-limits.ts'
import type { FileStore } from './stores/file-store.ts'

export function createFilePurge(options: {
  readonly storage: Pick<Storage, 'files'>
  readonly store: FileStore
  readonly now?: () => number
}): Purge {
  const { storage, store, now = Date.now } = options
  let after: FileId | null = null
  return {
    name: 'files',
    async run(limit) {
      const at = now()
      const { over, staged, next } = await storage.files.walk({
        ...{ after, limit },
        unsentBefore: at - UNSENT_MS,
        stagedBefore: at - TICKET_MS,
      })
      for (const id of staged) {
        await store.removeUpload(id)
        await storage.files.uploadRemoved(id)
      }
      // The row is last: without it nobody would know of the bytes.
      for (const id of over) {
        await store.removeUpload(id)
        await store.remove(id)
        await storage.files.remove(id)
      }
      after = next
      return { deleted: over.length, isDone: next === null }
    },
  }
}
