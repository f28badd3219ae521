/** The schema's history, run at every start. A released migration is never edited, only followed by another. */
import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import { agentAccess } from './agent-migrations.ts'
import { auditActors } from './audit-migrations.ts'
import {
  authenticationAddresses,
  authenticationCallers,
  authenticationRequests,
  authenticationUpkeep,
  authenticators,
  chatLogins,
} from './authentication-migrations.ts'
import type { SqlDatabase } from './database.ts'
import { files } from './file-migrations.ts'
import {
  actionRunJobs,
  botDeliveryJobs,
  jobReceivers,
  jobs,
  requestJobs,
  webhookDeliveryIndex,
} from './job-migrations.ts'
import {
  agentsMessages,
  avatars,
  deliveredSeqs,
  messageAuthors,
  messagesAbout,
} from './message-migrations.ts'
import { nodes, rateLimits } from './node-migrations.ts'
import type { Tables } from './schema.ts'
import { templates } from './template-migrations.ts'
import { unreadMails } from './unread-mail-migrations.ts'

const initial: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('users')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('user_identifier', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('users_identifier', ['app', 'user_identifier'])
      .execute()
    await schema
      .createTable('sessions')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('visitor_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.references('users.id'))
      .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
      .addColumn('context_expires_at', 'bigint')
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('conversation_chosen', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at', 'bigint')
      .addColumn('merged_into', 'text', (column) => column.references('users.id'))
      .execute()
    await schema.createIndex('sessions_visitor').on('sessions').column('visitor_id').execute()
    await schema.createIndex('sessions_user').on('sessions').column('user_id').execute()
    await schema
      .createTable('conversations')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('owner_kind', 'text', (column) => column.notNull())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('user_identifier', 'text')
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('handler', 'text', (column) => column.notNull())
      .addColumn('head_seq', 'bigint', (column) => column.notNull())
      .addColumn('visitor_read_seq', 'bigint', (column) => column.notNull())
      .addColumn('agent_read_seq', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('conversations_owner')
      .on('conversations')
      .columns(['owner_id', 'updated_at'])
      .execute()
    await schema
      .createIndex('conversations_newest')
      .on('conversations')
      .columns(['updated_at', 'id'])
      .execute()
    await schema
      .createIndex('conversations_app_newest')
      .on('conversations')
      .columns(['app', 'updated_at', 'id'])
      .execute()
    await schema
      .createIndex('conversations_status_newest')
      .on('conversations')
      .columns(['status', 'updated_at', 'id'])
      .execute()
    await schema
      .createTable('messages')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('author_kind', 'text', (column) => column.notNull())
      .addColumn('author_name', 'text')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('details', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('messages_seq', ['conversation_id', 'seq'])
      .addUniqueConstraint('messages_client_id', ['conversation_id', 'client_id'])
      .execute()
    await schema
      .createTable('login_cards')
      .addColumn('message_id', 'text', (column) => column.primaryKey().notNull().references('messages.id'))
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('blocked', 'text', (column) => column.notNull())
      .addColumn('taken_at', 'bigint')
      .execute()
    await schema
      .createIndex('login_cards_waiting')
      .on('login_cards')
      .column('conversation_id')
      .where(sql.ref('taken_at'), 'is', null)
      .execute()
    await schema
      .createTable('bot_deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('work', 'text', (column) => column.notNull())
      .addColumn('attempts', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('ordinal', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('bot_deliveries_oldest')
      .on('bot_deliveries')
      .columns(['created_at', 'ordinal'])
      .execute()
    await schema
      .createTable('agents')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('email_key', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('agent_sessions')
      .addColumn('secret_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('agent_id', 'text', (column) => column.notNull().references('agents.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('agent_sessions_end').on('agent_sessions').column('expires_at').execute()
    await schema
      .createTable('audit')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('app', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('audit_newest').on('audit').columns(['app', 'at']).execute()
  },
}

const displayClaims: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('users')
      .addColumn('claims', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute()
  },
}

const actionRuns: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('action_runs')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
      .addColumn('agent_id', 'text', (column) => column.notNull().references('agents.id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('params', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('sign_ins', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('action_runs_running')
      .on('action_runs')
      .column('created_at')
      .where(sql.ref('state'), '=', 'running')
      .execute()
  },
}

const unreadConversations: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('conversations_unread')
      .on('conversations')
      .columns(['status', 'head_seq', 'agent_read_seq'])
      .where(sql.ref('head_seq'), '>', sql.ref('agent_read_seq'))
      .execute()
  },
}

const conversationsByCreation: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('conversations_app_created')
      .on('conversations')
      .columns(['app', 'created_at', 'id'])
      .execute()
  },
}

/** One row, written to check if the database accepts writes. */
const writeChecks: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('write_checks')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('times', 'bigint', (column) => column.notNull())
      .execute()
    await sql`insert into write_checks (id, times) values (1, 0)`.execute(db)
  },
}

/** Identity transitions of a conversation's visitor ([ID17]). */
const identityTrace: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('identity_trace')
      // No reference: the first message makes the conversation, and earlier transitions belong to it too.
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

/** Indexes for a bot's deliveries by conversation, and for an app's conversations by status. */
const owedWork: Migration = {
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

/** Time at which a session's device last connected, so that unused sessions can end. */
const seenSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('sessions').addColumn('seen_at', 'bigint').execute()
    // For existing sessions it is unknown: they count as seen now.
    await sql`update sessions set seen_at = ${Date.now()}`.execute(db)
    await db.schema.createIndex('sessions_seen').on('sessions').column('seen_at').execute()
  },
}

/** Indexes for the purge, oldest first. */
const upkeepIndexes: Migration = {
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

const agentRoles: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .alterTable('agents')
      .addColumn('role', 'text', (column) => column.notNull().defaultTo('agent'))
      .execute()
    await schema.alterTable('agents').addColumn('removed_at', 'bigint').execute()
    await schema.createIndex('agent_sessions_agent').on('agent_sessions').column('agent_id').execute()
  },
}

/** Names sort in the order of running. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-display-claims': displayClaims,
  '0003-identity-trace': identityTrace,
  '0004-action-runs': actionRuns,
  '0005-authentication-requests': authenticationRequests,
  '0006-authenticators': authenticators,
  '0007-chat-login': chatLogins,
  '0008-authentication-upkeep': authenticationUpkeep,
  '0009-authentication-callers': authenticationCallers,
  '0010-message-authors': messageAuthors,
  '0011-unread-conversations': unreadConversations,
  '0012-conversations-by-creation': conversationsByCreation,
  '0013-write-checks': writeChecks,
  '0014-owed-work': owedWork,
  '0015-seen-sessions': seenSessions,
  '0016-authentication-addresses': authenticationAddresses,
  '0017-upkeep-indexes': upkeepIndexes,
  '0018-agent-roles': agentRoles,
  '0019-messages-about': messagesAbout,
  '0020-agents-messages': agentsMessages,
  '0021-files': files,
  '0022-avatars': avatars,
  '0023-delivered-seqs': deliveredSeqs,
  '0024-templates': templates,
  '0025-jobs': jobs,
  '0026-unread-mails': unreadMails,
  '0027-action-run-jobs': actionRunJobs,
  '0028-bot-delivery-jobs': botDeliveryJobs,
  '0029-audit-actors': auditActors,
  '0030-job-receivers': jobReceivers,
  '0031-request-jobs': requestJobs,
  '0032-nodes': nodes,
  '0033-rate-limits': rateLimits,
  '0034-agent-access': agentAccess,
  '0035-webhook-deliveries': webhookDeliveryIndex,
}

const migratorOf = (db: Kysely<Tables>) =>
  new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } })

/** Names of migrations that a database of an earlier release lacks, in order; none for a new one. */
export async function missingMigrations(database: SqlDatabase): Promise<readonly string[]> {
  const all = await database.administer((db) => migratorOf(db).getMigrations())
  const missing = all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
  return missing.length === all.length ? [] : missing
}

/** Runs missing migrations in one transaction; servers that start at once wait for each other. `upTo`: for tests. */
export async function migrate(database: SqlDatabase, upTo?: string): Promise<void> {
  await database.administer(async (db) => {
    const migrator = migratorOf(db)
    const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
    if (error !== undefined) throw error
  })
}
