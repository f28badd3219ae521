/** Sessions of visitors: creates them, finds them by their secret's hash, renews and revokes them. */
import { ChatError, type ConversationId, type SessionId } from '@chat-widget/protocol'
import type { Kysely } from 'kysely'
import type { SqlDatabase } from './database.ts'
import { chunks } from './erase-rows.ts'
import { identify } from './identify.ts'
import { lockOwners, lockUsers } from './locks.ts'
import { newId, toSession, toUser } from './records.ts'
import { lockReleasable, NOTHING_RELEASED, releaseBlocked } from './release-blocked.ts'
import type { SessionsTable, Tables } from './schema.ts'
import type { Storage, UserRecord } from './storage.ts'
import { saveClaims } from './users.ts'

export function createSessions(database: SqlDatabase): Storage['sessions'] {
  const choose = (sessionId: SessionId, conversationId: ConversationId) =>
    database.write(async (db) => {
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
      database.write(async (db) => {
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
          seen_at: at,
        }
        await db.insertInto('sessions').values(row).execute()
        return toSession(row, null)
      }),
    touch: (sessionId, at) =>
      database.write(async (db) => {
        await db.updateTable('sessions').set({ seen_at: at }).where('id', '=', sessionId).execute()
      }),
    findBySecretHash: (app, secretHash) =>
      database.read(async (db) => {
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
    isLive: (sessionId) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('sessions')
          .select('revoked_at')
          .where('id', '=', sessionId)
          .executeTakeFirst()
        return row !== undefined && row.revoked_at === null
      }),
    ended: (sessionIds) =>
      database.read(async (db) => {
        const revokedAt = new Map<SessionId, number | null>()
        for (const ids of chunks(sessionIds)) {
          const rows = await db
            .selectFrom('sessions')
            .select(['id', 'revoked_at'])
            .where('id', 'in', ids)
            .execute()
          for (const row of rows) revokedAt.set(row.id, row.revoked_at)
        }
        return {
          revoked: sessionIds.filter((id) => (revokedAt.get(id) ?? null) !== null),
          deleted: sessionIds.filter((id) => !revokedAt.has(id)),
        }
      }),
    identify: (request) => identify(database, request),
    renew: ({ sessionId, contextExpiresAt, claims, signsIn, webhooksOf, at }) =>
      database.write(async (db) => {
        const user = await findUserOf(db, sessionId)
        if (user === null) return NOT_RENEWED
        if (database.locksRows) await lockUsers(db, [user.id])
        const renewed = await db
          .updateTable('sessions')
          .set({ context_expires_at: contextExpiresAt })
          .where('id', '=', sessionId)
          .where('revoked_at', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (renewed === undefined) return NOT_RENEWED
        const waiting = signsIn ? await lockReleasable(db, user, null, database.locksRows) : []
        const released = await releaseBlocked(db, database, user, waiting, { at, webhooksOf })
        return { claimsChanged: await saveClaims(db, user.id, claims), released }
      }),
    revoke: (sessionId, at) =>
      database.write(async (db) => {
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
      database.write(async (db) => {
        if (database.locksRows) await lockOwners(db, [{ kind: 'user', id: userId }])
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

const NOT_RENEWED = { claimsChanged: false, released: NOTHING_RELEASED }

async function findUserOf(db: Kysely<Tables>, sessionId: SessionId): Promise<UserRecord | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', (where) => where.selectFrom('sessions').select('user_id').where('id', '=', sessionId))
    .executeTakeFirst()
  return row === undefined ? null : toUser(row)
}
