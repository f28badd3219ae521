/** Migration 0006: people who are asked by identifier, their devices, codes and apps ([AR11], [AR12]). */
import { type Kysely, type Migration, sql } from 'kysely'

export const authenticatorMigration: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('authenticator_people')
      .addColumn('identifier', 'text', (column) => column.primaryKey().notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('authenticator_devices')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('identifier', 'text', (column) =>
        column.notNull().references('authenticator_people.identifier'),
      )
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('public_key', 'text', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .addColumn('removed_at', 'bigint')
      .execute()
    await schema
      .createIndex('authenticator_devices_person')
      .on('authenticator_devices')
      .column('identifier')
      .execute()
    await schema
      .createTable('authenticator_codes')
      .addColumn('code_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('identifier', 'text', (column) =>
        column.notNull().references('authenticator_people.identifier'),
      )
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('made_by', 'text', (column) => column.notNull().references('authenticator_devices.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('used_at', 'bigint')
      .execute()
    await schema
      .createIndex('authenticator_codes_person')
      .on('authenticator_codes')
      .columns(['identifier', 'kind'])
      .execute()
    await schema
      .createTable('authenticator_connections')
      .addColumn('identifier', 'text', (column) =>
        column.notNull().references('authenticator_people.identifier'),
      )
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('connected_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('authenticator_connections_key', ['identifier', 'app'])
      .execute()
    await schema
      .createIndex('authentication_requests_asked')
      .on('authentication_requests')
      .columns(['addressee_kind', 'addressee'])
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()
    // [AR13] The signed answer of the device that decided.
    await schema.alterTable('authentication_requests').addColumn('answer', 'text').execute()
  },
}
