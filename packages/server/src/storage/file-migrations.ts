/** Tables of files. */
import { type Kysely, type Migration, sql } from 'kysely'

/** Files; their bytes are elsewhere. */
export const files: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('files')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('uploader_kind', 'text', (column) => column.notNull())
      .addColumn('uploader_id', 'text', (column) => column.notNull())
      .addColumn('conversation_id', 'text')
      .addColumn('message_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('media_type', 'text')
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .addColumn('ticket_hash', 'text')
      .addColumn('ticket_expires_at', 'bigint')
      .addColumn('is_staged', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('files_uploader').on('files').columns(['uploader_id', 'created_at']).execute()
    await schema
      .createIndex('files_conversation')
      .on('files')
      .column('conversation_id')
      .where(sql.ref('conversation_id'), 'is not', null)
      .execute()
    await schema
      .createTable('file_totals')
      .addColumn('app', 'text', (column) => column.primaryKey().notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .execute()
  },
}
