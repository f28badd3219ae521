/** Migration 0009: live requests and mutes of each kind of caller apart ([AR7]). */
import { type Kysely, type Migration, sql } from 'kysely'

export const authenticationCallersMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.dropIndex('authentication_requests_live').execute()
    await schema
      .createIndex('authentication_requests_live')
      .on('authentication_requests')
      .columns(['app', 'addressee_kind', 'addressee', 'creator'])
      .unique()
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()

    await schema
      .createTable('authentication_mutes')
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('addressee_kind', 'text', (column) => column.notNull())
      .addColumn('addressee', 'text', (column) => column.notNull())
      .addColumn('creator', 'text', (column) => column.notNull())
      .addColumn('muted_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('authentication_mutes_key', ['app', 'addressee_kind', 'addressee', 'creator'])
      .execute()
    await schema
      .createIndex('authentication_mutes_newest')
      .on('authentication_mutes')
      .columns(['app', 'muted_at'])
      .execute()
    // Whoever muted an app before meant all of its callers.
    for (const creator of ['anyone', 'key', 'visitor'])
      await sql`insert into authentication_mutes (app, addressee_kind, addressee, creator, muted_at)
        select app, addressee_kind, addressee, ${sql.lit(creator)}, muted_at from authentication_addressees
        where muted_at is not null`.execute(db)

    await schema.dropIndex('authentication_addressees_muted').execute()
    await schema.dropIndex('authentication_addressees_asked').execute()
    await schema.alterTable('authentication_addressees').dropColumn('muted_at').execute()
    await schema
      .createIndex('authentication_addressees_asked')
      .on('authentication_addressees')
      .column('asked_at')
      .execute()
  },
}
