/** Migration 0017: what need not be kept any longer is found by an index, from the oldest on. */
import { type Kysely, type Migration, sql } from 'kysely'

export const upkeepIndexesMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.dropIndex('sessions_seen').execute()
    await schema.createIndex('sessions_last_seen').on('sessions').columns(['seen_at', 'id']).execute()
    await schema
      .createIndex('sessions_ended')
      .on('sessions')
      .columns(['revoked_at', 'id'])
      .where(sql.ref('revoked_at'), 'is not', null)
      .execute()
    await schema
      .createIndex('sessions_merged')
      .on('sessions')
      .column('merged_into')
      .where(sql.ref('merged_into'), 'is not', null)
      .execute()
    await schema.createIndex('users_oldest').on('users').columns(['created_at', 'id']).execute()
    await schema.createIndex('audit_oldest').on('audit').columns(['at', 'id']).execute()
    await schema.createIndex('action_runs_oldest').on('action_runs').columns(['created_at', 'id']).execute()
    await schema
      .createIndex('identity_trace_oldest')
      .on('identity_trace')
      .columns(['at', 'entry_key'])
      .execute()
  },
}
