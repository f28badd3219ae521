/** Sessions of visitors: made, found by the hash of their secret, renewed and revoked. */
import { ChatError, type ConversationId, type SessionId } from '@chat-widget/protocol'
import type { Engine } from './engine.ts'
import { identify } from './identify.ts'
import { newId, toSession, toUser } from './records.ts'
import type { SessionsTable } from './schema.ts'
import type { Storage } from './storage.ts'
import { saveClaims } from './users.ts'

export function createSessions(engine: Engine): Storage['sessions'] {
  const choose = (sessionId: SessionId, conversationId: ConversationId) =>
    engine.write(async (db) => {
      const row = await db
        .updateTable('sessions')
        .set({ conversation_id: conversationId, conversation_chosen: 1 })
        .where('id', '=', sessionId)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (row === undefined) throw new ChatError('session-invalid', 'the session is unknown or over')
    })

  return {
    createAnonymous: ({ app, secretHash, at }) =>
      engine.write(async (db) => {
        const row: SessionsTable = {
          id: newId(),
          app,
          visitor_id: newId(),
          user_id: null,
          secret_hash: secretHash,
          context_expires_at: null,
          conversation_id: newId(),
          conversation_chosen: 0,
          created_at: at,
          revoked_at: null,
          merged_into: null,
        }
        await db.insertInto('sessions').values(row).execute()
        return toSession(row, null)
      }),
    findBySecretHash: (app, secretHash) =>
      engine.read(async (db) => {
        const row = await db
          .selectFrom('sessions')
          .selectAll()
          .where('secret_hash', '=', secretHash)
          .where('app', '=', app)
          .executeTakeFirst()
        if (row === undefined) return null
        if (row.user_id === null) return toSession(row, null)
        const user = await db
          .selectFrom('users')
          .selectAll()
          .where('id', '=', row.user_id)
          .executeTakeFirstOrThrow()
        return toSession(row, toUser(user))
      }),
    identify: (request) => identify(engine, request),
    renew: (sessionId, contextExpiresAt, claims) =>
      engine.write(async (db) => {
        const renewed = await db
          .updateTable('sessions')
          .set({ context_expires_at: contextExpiresAt })
          .where('id', '=', sessionId)
          .where('user_id', 'is not', null)
          .where('revoked_at', 'is', null)
          .returning('user_id')
          .executeTakeFirst()
        const userId = renewed?.user_id ?? null
        return userId !== null && saveClaims(db, userId, claims)
      }),
    revoke: (sessionId, at) =>
      engine.write(async (db) => {
        const rows = await db
          .updateTable('sessions')
          .set({ revoked_at: at })
          .where('id', '=', sessionId)
          .where('revoked_at', 'is', null)
          .returning('id')
          .execute()
        return rows.map((row) => row.id)
      }),
    revokeAllOfUser: (userId, at) =>
      engine.write(async (db) => {
        const rows = await db
          .updateTable('sessions')
          .set({ revoked_at: at })
          .where('user_id', '=', userId)
          .where('revoked_at', 'is', null)
          .returning('id')
          .execute()
        return rows.map((row) => row.id)
      }),
    async reserveConversation(sessionId) {
      const conversationId = newId<ConversationId>()
      await choose(sessionId, conversationId)
      return conversationId
    },
    chooseConversation: choose,
  }
}
