/** Export and erasure of a customer, for REST and embedding applications. */
import { ChatError } from '@chat-widget/protocol'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { AuditActor } from '../storage/audit-storage.ts'
import type { ErasedCounts, PersonName } from '../storage/person-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { requireStorable } from '../text/storable.ts'
import { filePathOf, writePersonExport } from './person-export.ts'

export interface PersonService {
  /** Rejects with `not-found` if nothing is kept of them. */
  export(person: PersonName, by: AuditActor): Promise<AsyncIterable<string>>
  /**
   * Resolves with the number of rows by table that were deleted or emptied; devices are told and files removed after
   * that. `whole`: with what agents wrote, too; default false. Idempotent.
   */
  erase(
    person: PersonName,
    by: AuditActor,
    options?: { readonly whole?: boolean | undefined },
  ): Promise<ErasedCounts>
}

export function createPersonService({
  storage,
  jobs,
  now = Date.now,
}: {
  readonly storage: Pick<Storage, 'persons' | 'messages'>
  readonly jobs: Pick<JobQueue, 'wake'>
  readonly now?: () => number
}): PersonService {
  return {
    async export(person, by) {
      requireStorable('userIdentifier', person.userIdentifier)
      const at = now()
      const rows = await storage.persons.read(person, by, at)
      if (rows === null) throw new ChatError('not-found', 'nothing is kept of this user')
      return writePersonExport({ storage, person, rows, at, pathOf: (file) => filePathOf(person.app, file) })
    },
    async erase(person, by, { whole = false } = {}) {
      requireStorable('userIdentifier', person.userIdentifier)
      const { counts } = await storage.persons.erase(person, { isWhole: whole, by, at: now() })
      jobs.wake('erasure')
      return counts
    },
  }
}
