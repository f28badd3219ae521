/** Migration 0008: when requests ended, and what finds those that need not be kept any longer. */
import { type Kysely, type Migration, sql } from 'kysely'

export const authenticationUpkeepMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('authentication_requests').addColumn('ended_at', 'bigint').execute()
    // When those ended was not written down: they are kept as if it had been now, rather too long than too short.
    await sql`update authentication_requests set ended_at = ${Date.now()} where status <> 'pending'`.execute(
      db,
    )
    await schema
      .createIndex('authentication_requests_ended')
      .on('authentication_requests')
      .columns(['app', 'ended_at'])
      .where(sql.ref('ended_at'), 'is not', null)
      .execute()
    await schema
      .createIndex('authentication_request_links_request')
      .on('authentication_request_links')
      .column('request_id')
      .execute()
    await schema
      .createIndex('authentication_addressees_muted')
      .on('authentication_addressees')
      .columns(['app', 'muted_at'])
      .where(sql.ref('muted_at'), 'is not', null)
      .execute()
    await schema
      .createIndex('authentication_addressees_asked')
      .on('authentication_addressees')
      .column('asked_at')
      .where(sql.ref('muted_at'), 'is', null)
      .execute()
  },
}
