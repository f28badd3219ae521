/** Migration 0014: what a conversation's bot is owed, and an app's conversations by status, are found by an index. */
import type { Kysely, Migration } from 'kysely'

export const owedWorkMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.dropIndex('bot_deliveries_oldest').execute()
    await schema
      .createIndex('bot_deliveries_lane')
      .on('bot_deliveries')
      .columns(['conversation_id', 'ordinal', 'id'])
      .execute()
    await schema
      .createIndex('conversations_app_status_newest')
      .on('conversations')
      .columns(['app', 'status', 'updated_at', 'id'])
      .execute()
  },
}
