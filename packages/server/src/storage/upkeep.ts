/** Ends of what otherwise only grows: rows that nobody needs any more, a limited number at a time. */
import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'
import type { Tables } from './schema.ts'

/** Each names rows that may go once they are older than a moment; what that is of is said beside it. */
export type Purgeable =
  /** Revoked or replaced: by their end. */
  | 'sessions that ended'
  /** Anonymous, and their visitor never wrote: by when a device was last there. */
  | 'sessions that were never used'
  /** By when a device was last there. */
  | 'sessions nobody came back to'
  /** Without session and conversation: by their beginning. */
  | 'users'
  /** By when it was written. */
  | 'audit'
  /** Of conversations that did not go on: by their last change. */
  | 'login cards'
  /** Settled, or of conversations that did not go on: by their beginning. */
  | 'action runs'
  /** By the server's time. */
  | 'identity traces'
  /** Of conversations in which nothing was written: by their last one. */
  | 'identity traces of no conversation'
  /** Of agents: by their end. */
  | 'console sessions'

export interface UpkeepStorage {
  /** Resolves with how many rows were deleted. */
  purge(what: Purgeable, before: number, limit: number): Promise<number>
}

type Rows = ReturnType<typeof sql<{ readonly id: string }>>

interface Purgeables {
  readonly table: keyof Tables
  readonly key: string
  readonly rows: (before: number) => Rows
}

const writtenBy = sql`exists (select 1 from conversations where owner_kind = 'visitor' and owner_id = sessions.visitor_id)`

const PURGEABLES: Readonly<Record<Purgeable, Purgeables>> = {
  'sessions that ended': {
    table: 'sessions',
    key: 'id',
    rows: (before) => sql`select id from sessions where revoked_at < ${before}`,
  },
  'sessions that were never used': {
    table: 'sessions',
    key: 'id',
    rows: (before) =>
      sql`select id from sessions where seen_at < ${before} and user_id is null and not ${writtenBy}`,
  },
  'sessions nobody came back to': {
    table: 'sessions',
    key: 'id',
    rows: (before) => sql`select id from sessions where seen_at < ${before}`,
  },
  users: {
    table: 'users',
    key: 'id',
    rows: (before) => sql`select id from users where created_at < ${before}
      and not exists (select 1 from sessions where user_id = users.id or merged_into = users.id)
      and not exists (select 1 from conversations where owner_kind = 'user' and owner_id = users.id)`,
  },
  audit: { table: 'audit', key: 'id', rows: (before) => sql`select id from audit where at < ${before}` },
  'login cards': {
    table: 'login_cards',
    key: 'message_id',
    rows: (before) => sql`select message_id from login_cards
      where conversation_id in (select id from conversations where updated_at < ${before})`,
  },
  'action runs': {
    table: 'action_runs',
    key: 'id',
    rows: (before) => sql`select id from action_runs where created_at < ${before}
      and (state = 'settled' or conversation_id in (select id from conversations where updated_at < ${before}))`,
  },
  'identity traces': {
    table: 'identity_trace',
    key: 'entry_key',
    rows: (before) => sql`select entry_key from identity_trace where at < ${before}`,
  },
  'identity traces of no conversation': {
    table: 'identity_trace',
    key: 'conversation_id',
    rows: (before) => sql`select conversation_id from identity_trace
      where not exists (select 1 from conversations where id = identity_trace.conversation_id)
      group by conversation_id having max(at) < ${before}`,
  },
  'console sessions': {
    table: 'agent_sessions',
    key: 'secret_hash',
    rows: (before) => sql`select secret_hash from agent_sessions where expires_at < ${before}`,
  },
}

export function createUpkeepStorage(engine: Engine): UpkeepStorage {
  return {
    purge: (what, before, limit) =>
      engine.write(async (db: Kysely<Tables>) => {
        const { table, key, rows } = PURGEABLES[what]
        const result = await sql`delete from ${sql.table(table)}
          where ${sql.ref(key)} in (${rows(before)} limit ${limit})`.execute(db)
        return Number(result.numAffectedRows ?? 0)
      }),
  }
}
