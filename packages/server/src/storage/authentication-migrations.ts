/** Migrations of authentication requests and their addressees, in order of release. */
import { type Kysely, type Migration, sql } from 'kysely'

/** Authentication requests, their links, their addressees, and the server's own keys. */
export const authenticationRequests: Migration = {
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

/** Addressees by identifier, their devices, codes and apps ([AR11], [AR12]). */
export const authenticators: Migration = {
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

/** Authentication requests of visitors, made in a conversation and claimed by a session. */
export const chatLogins: Migration = {
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

/** End times of requests, and indexes for the purge. */
export const authenticationUpkeep: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('authentication_requests').addColumn('ended_at', 'bigint').execute()
    // Earlier ends were not stored: those requests are kept as if they ended now, rather too long than too short.
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

/** Live requests and mutes by kind of caller ([AR7]). */
export const authenticationCallers: Migration = {
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
    // An earlier mute applied to all kinds of callers.
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

/** The email address as it was written, and requests that are answered by scanning their code. */
export const authenticationAddresses: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema.alterTable('authentication_requests').addColumn('address', 'text').execute()
    await schema
      .alterTable('authentication_requests')
      .addColumn('is_scan', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
