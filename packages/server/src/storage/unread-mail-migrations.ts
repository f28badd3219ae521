/** Columns and tables for mails about unread messages. */
import type { Kysely, Migration } from 'kysely'

export const unreadMails: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('conversations').addColumn('language', 'text').execute()
    await schema
      .alterTable('conversations')
      .addColumn('mailed_seq', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await schema
      .createTable('unsubscribed_mails')
      .addColumn('recipient', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
