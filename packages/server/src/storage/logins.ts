/** Hands out what login cards wait for, once. */
import type { Engine } from './engine.ts'
import type { BlockedWork, Storage } from './storage.ts'

const NOTHING: BlockedWork = { kind: 'nothing' }

export function createLogins(engine: Engine): Storage['logins'] {
  return {
    async takeBlocked(conversationIds, at) {
      if (conversationIds.length === 0) return []
      const rows = await engine.write((db) =>
        db
          .updateTable('login_cards')
          .set({ taken_at: at })
          .where('conversation_id', 'in', conversationIds)
          .where('taken_at', 'is', null)
          .returning(['conversation_id', 'message_id', 'seq', 'blocked'])
          .execute(),
      )
      const seen = new Set<string>()
      return rows
        .sort((one, other) => one.seq - other.seq)
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
    },
  }
}
