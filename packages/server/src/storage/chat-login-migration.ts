/** Migration 0007: authentication requests of visitors, made in a conversation and claimed by a session. */
import { type Kysely, type Migration, sql } from 'kysely'

export const chatLoginMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('authentication_requests').addColumn('conversation_id', 'text').execute()
    await schema.alterTable('authentication_requests').addColumn('claimed_by', 'text').execute()
    await schema
      .createIndex('authentication_requests_conversation')
      .on('authentication_requests')
      .columns(['conversation_id', 'created_at'])
      .where(sql.ref('conversation_id'), 'is not', null)
      .execute()
  },
}
