/** [PD3] Deletes conversations that nobody wrote in for as long as their app keeps them. */
import type { AppConfig } from '../config/config.ts'
import type { Storage } from '../storage/storage.ts'
import type { Purge } from './purges.ts'

const DAY_MS = 24 * 3_600_000
/** Conversations of one transaction: each may have thousands of messages, and other writes wait for it. */
const AT_ONCE = 10

export const conversationPurges = ({
  storage,
  apps,
  now = Date.now,
}: {
  readonly storage: Pick<Storage, 'persons'>
  readonly apps: readonly AppConfig[]
  readonly now?: () => number
}): readonly Purge[] =>
  apps.flatMap(({ id, keepDays }) =>
    keepDays === undefined
      ? []
      : [
          {
            name: `conversations of ${id}`,
            async run() {
              const before = now() - keepDays.conversations * DAY_MS
              const deleted = await storage.persons.purgeConversations(id, before, AT_ONCE)
              return { deleted, isDone: deleted === 0 }
            },
          },
        ],
  )
