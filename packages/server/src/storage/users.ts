/** Claims that agents are shown of a user: stored with the user, replaced at each authentication. */
import type { UserId, VisitorClaim } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'
import type { Storage } from './storage.ts'

export const NO_CLAIMS = '[]'

export function createUsers(database: SqlDatabase): Storage['users'] {
  return {
    claims: (ids) =>
      database.read(async (db) => {
        if (ids.length === 0) return new Map()
        const rows = await db.selectFrom('users').select(['id', 'claims']).where('id', 'in', ids).execute()
        return new Map(rows.map((row) => [row.id, JSON.parse(row.claims) as readonly VisitorClaim[]]))
      }),
  }
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
