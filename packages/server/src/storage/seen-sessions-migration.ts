/** When a session's device was last there, so that those nobody comes back to can end. */
import { type Kysely, type Migration, sql } from 'kysely'

export const seenSessionsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('sessions').addColumn('seen_at', 'bigint').execute()
    // Of those that are there it is not known: they count as seen now.
    await sql`update sessions set seen_at = ${Date.now()}`.execute(db)
    await db.schema.createIndex('sessions_seen').on('sessions').column('seen_at').execute()
  },
}
