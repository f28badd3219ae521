/** Migration 0003: how the identity of a conversation's visitor came about ([ID17]). */
import type { Kysely, Migration } from 'kysely'

export const identityTraceMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('identity_trace')
      // No reference: a conversation is made with its first message, and what was before belongs to it too.
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('entry_key', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('tab', 'text', (column) => column.notNull())
      .addColumn('ordinal', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('device_at', 'bigint')
      .addColumn('from_status', 'text', (column) => column.notNull())
      .addColumn('to_status', 'text', (column) => column.notNull())
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('code', 'text')
      .addPrimaryKeyConstraint('identity_trace_key', ['conversation_id', 'entry_key'])
      .execute()
  },
}
