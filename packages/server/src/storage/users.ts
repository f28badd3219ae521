/** Users, and the claims that agents are shown of them, which are replaced at each authentication. */
import type { UserId, VisitorClaim } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import { requireStorable } from '../text/storable.ts'
import type { SqlDatabase } from './database.ts'
import { newId, toUser } from './records.ts'
import type { Tables } from './schema.ts'
import type { NewUser, Storage, UserRecord } from './storage.ts'
import { userKey } from './user-key.ts'

const NO_CLAIMS = '[]'

export function createUsers(database: SqlDatabase): Storage['users'] {
  return {
    find: (id) =>
      database.read(async (db) => {
        const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toUser(row)
      }),
    findOrMake: (request) => database.write((db) => findOrMakeUser(db, request)),
    claims: (ids) =>
      database.read(async (db) => {
        if (ids.length === 0) return new Map()
        const rows = await db.selectFrom('users').select(['id', 'claims']).where('id', 'in', ids).execute()
        return new Map(rows.map((row) => [row.id, JSON.parse(row.claims) as readonly VisitorClaim[]]))
      }),
  }
}

export async function findOrMakeUser(
  db: Transaction<Tables>,
  { app, userIdentifier, method = 'host', at }: NewUser,
): Promise<UserRecord> {
  requireStorable('userIdentifier', userIdentifier)
  const key = userKey({ userIdentifier, method })
  // Waits for a concurrent sign-in that makes the same user, and then finds it.
  await db
    .insertInto('users')
    .values({ id: newId(), app, user_identifier: key, created_at: at, claims: NO_CLAIMS })
    .onConflict((conflict) => conflict.columns(['app', 'user_identifier']).doNothing())
    .execute()
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('app', '=', app)
    .where('user_identifier', '=', key)
    .executeTakeFirstOrThrow()
  return toUser(row)
}

/** Resolves with true if the claims differ from the stored ones; else nothing is written. */
export async function saveClaims(
  db: Transaction<Tables>,
  userId: UserId,
  claims: readonly VisitorClaim[],
): Promise<boolean> {
  // Keys in a fixed order, so that equal claims have equal JSON.
  const text = JSON.stringify(claims.map(({ label, value, verified }) => ({ label, value, verified })))
  const changed = await db
    .updateTable('users')
    .set({ claims: text })
    .where('id', '=', userId)
    .where('claims', '<>', text)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
