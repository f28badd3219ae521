/** Nodes in the database: see `node-storage.ts`. */
import type { SqlDatabase } from './database.ts'
import type { NodeStorage } from './node-storage.ts'

export const createNodeStorage = (database: SqlDatabase): NodeStorage => ({
  beat: (id, at, since) =>
    database.write(async (db) => {
      await db
        .insertInto('nodes')
        .values({ id, seen_at: at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at }))
        .execute()
      const rows = await db
        .selectFrom('nodes')
        .selectAll()
        .where('id', '!=', id)
        .where('seen_at', '>=', since)
        .execute()
      return rows.map(({ id: other, seen_at }) => ({ id: other, seenAt: seen_at }))
    }),
  remove: (id, since) =>
    database.write(async (db) => {
      await db
        .deleteFrom('nodes')
        .where((row) => row.or([row('id', '=', id), row('seen_at', '<', since)]))
        .execute()
    }),
})
