/** Hands out what login cards wait for, once. */
import { letGoOn } from './action-runs.ts'
import type { Engine } from './engine.ts'
import type { LoginCardsTable } from './schema.ts'
import type { BlockedWork, Storage } from './storage.ts'

const NOTHING: BlockedWork = { kind: 'nothing' }

export function createLogins(engine: Engine): Storage['logins'] {
  return {
    async takeBlocked(conversationIds, at) {
      if (conversationIds.length === 0) return []
      return engine.write(async (db) => {
        const rows = await db
          .updateTable('login_cards')
          .set({ taken_at: at })
          .where('conversation_id', 'in', conversationIds)
          .where('taken_at', 'is', null)
          .returning(['conversation_id', 'message_id', 'seq', 'blocked'])
          .execute()
        const taken = inOrder(rows)
        await letGoOn(
          db,
          taken.flatMap(({ blocked }) => (blocked.kind === 'action-run' ? [blocked.runId] : [])),
        )
        return taken
      })
    },
  }
}

type Taken = Awaited<ReturnType<Storage['logins']['takeBlocked']>>

function inOrder(
  rows: readonly Pick<LoginCardsTable, 'conversation_id' | 'message_id' | 'seq' | 'blocked'>[],
): Taken {
  const seen = new Set<string>()
  return rows
    .toSorted((one, other) => one.seq - other.seq)
    .map((row) => {
      // Two cards may wait for the same message; it is replayed once.
      const key = `${row.conversation_id} ${row.blocked}`
      const repeated = seen.has(key)
      seen.add(key)
      return {
        conversationId: row.conversation_id,
        messageId: row.message_id,
        blocked: repeated ? NOTHING : (JSON.parse(row.blocked) as BlockedWork),
      }
    })
}
