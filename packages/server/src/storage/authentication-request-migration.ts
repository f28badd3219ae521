/** Migration 0005: authentication requests, their links, their addressees, and the server's own keys. */
import { type Kysely, type Migration, sql } from 'kysely'

export const authenticationRequestMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('authentication_requests')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('addressee_kind', 'text', (column) => column.notNull())
      .addColumn('addressee', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('claims', 'text', (column) => column.notNull())
      .addColumn('binding', 'text', (column) => column.notNull())
      .addColumn('creator', 'text', (column) => column.notNull())
      .addColumn('creator_secret_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('decided_at', 'bigint')
      .addColumn('subject', 'text')
      .addColumn('response', 'text')
      .addColumn('consumed_at', 'bigint')
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('wrong_codes', 'integer', (column) => column.notNull())
      .addColumn('is_locked', 'integer', (column) => column.notNull())
      .addColumn('is_replaced', 'integer', (column) => column.notNull())
      .addColumn('place', 'bigint')
      .execute()
    // [AR7] The database itself refuses a second live request for an addressee and an app.
    await schema
      .createIndex('authentication_requests_live')
      .on('authentication_requests')
      .columns(['app', 'addressee_kind', 'addressee'])
      .unique()
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()
    await schema
      .createIndex('authentication_requests_end')
      .on('authentication_requests')
      .column('expires_at')
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()
    await schema
      .createIndex('authentication_requests_count')
      .on('authentication_requests')
      .columns(['app', 'addressee_kind', 'addressee', 'created_at'])
      .execute()
    await schema
      .createIndex('authentication_requests_place')
      .on('authentication_requests')
      .columns(['app', 'place'])
      .execute()
    await schema
      .createTable('authentication_request_links')
      .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('request_id', 'text', (column) => column.notNull().references('authentication_requests.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('authentication_addressees')
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('addressee_kind', 'text', (column) => column.notNull())
      .addColumn('addressee', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('muted_at', 'bigint')
      .addPrimaryKeyConstraint('authentication_addressees_key', ['app', 'addressee_kind', 'addressee'])
      .execute()
    await schema
      .createTable('authentication_places')
      .addColumn('app', 'text', (column) => column.primaryKey().notNull())
      .addColumn('last', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('server_keys')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
