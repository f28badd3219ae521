/** Table of jobs, and work of before that becomes jobs. */
import { type Kysely, type Migration, sql } from 'kysely'
import { DELIVERY_KEY, DELIVERY_STATE } from './webhook-index.ts'

export const jobs: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('jobs')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('lane', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('ordinal', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('lease_owner', 'text')
      .addColumn('failed_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('jobs_key', ['kind', 'key'])
      .execute()
    const ofLive = (name: string, columns: string[]) =>
      schema.createIndex(name).on('jobs').columns(columns).where(sql.ref('failed_at'), 'is', null).execute()
    await ofLive('jobs_due', ['kind', 'due_at'])
    await ofLive('jobs_lane', ['lane', 'ordinal', 'id'])
    // [JB3] Of two nodes that lease two jobs of one lane at once, the database refuses one.
    await schema
      .createIndex('jobs_leased_lane')
      .unique()
      .on('jobs')
      .column('lane')
      .where(sql.ref('lease_owner'), 'is not', null)
      .execute()
    await schema
      .createIndex('jobs_failed')
      .on('jobs')
      .columns(['failed_at', 'id'])
      .where(sql.ref('failed_at'), 'is not', null)
      .execute()
  },
}

/** Receivers, each of which a node calls a limited number of times at once; and why a job failed last. */
export const jobReceivers: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['receiver', 'problem'])
      await db.schema.alterTable('jobs').addColumn(column, 'text').execute()
  },
}

/** Runs that an earlier release left unfinished. */
export const actionRunJobs: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`insert into jobs (id, kind, lane, key, payload, ordinal, due_at, attempts, created_at)
      select id, 'action-run', 'action ' || conversation_id || ' ' || name, id || '.' || sign_ins,
        '{"runId":"' || id || '"}', created_at * 1000, created_at, 0, created_at
      from action_runs where state = 'running'`.execute(db)
  },
}

/** Deliveries that bots are owed; and the index of what was read at the start. */
export const botDeliveryJobs: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`insert into jobs (id, kind, lane, key, payload, ordinal, due_at, attempts, created_at)
      select id, 'bot-delivery', 'bot ' || conversation_id, id,
        '{"conversationId":"' || conversation_id || '","work":' || work || '}', ordinal, created_at, attempts, created_at
      from bot_deliveries`.execute(db)
    await db.schema.dropTable('bot_deliveries').execute()
    await db.schema.dropIndex('action_runs_running').execute()
  },
}

/** Pending authentication requests, of which an earlier release's servers kept the timers in memory. */
export const requestJobs: Migration = {
  async up(db: Kysely<unknown>) {
    const lane = sql`'authentication request ' || id`
    const add = (kind: string, given: { lane: typeof lane; dueAt: typeof lane; of: typeof lane }) =>
      sql`insert into jobs (id, kind, lane, key, payload, ordinal, due_at, attempts, created_at)
        select ${kind} || ' ' || id, ${kind}, ${given.lane}, id, '{"requestId":"' || id || '"}',
          created_at * 1000, ${given.dueAt}, 0, created_at
        from authentication_requests where status = 'pending' and ${given.of}`.execute(db)
    const dueAt = sql`created_at`
    await add('request-delivery', { lane, dueAt, of: sql`delivery = 'owed'` })
    await add('request-follow', { lane, dueAt, of: sql`delivery = 'delivered' and addressee_kind = 'email'` })
    await add('request-expiry', {
      ...{ lane: sql`'end of ' || ${lane}`, dueAt: sql`expires_at`, of: sql`1 = 1` },
    })
  },
}

/** Deliveries of each webhook by their state, which a page of the console counts. */
export const webhookDeliveryIndex: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index jobs_deliveries on jobs (${DELIVERY_KEY}, (${DELIVERY_STATE}))
      where kind = 'webhook'`.execute(db)
  },
}
