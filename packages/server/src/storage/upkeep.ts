/** Purges rows that are no longer needed, by queries for both databases. */
import { type Kysely, sql } from 'kysely'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'
import type { Purgeable, PurgePosition, UpkeepStorage } from './upkeep-storage.ts'

type Condition = ReturnType<typeof sql<boolean>>

interface Purgeables {
  readonly table: keyof Tables
  readonly key: string
  /** An indexed time by which rows are old enough. `null`: the condition alone decides. */
  readonly at: string | null
  /** Further conditions. */
  readonly condition: (before: number) => Condition
}

const always = () => sql<boolean>`1 = 1`
const writtenBy = sql`exists (select 1 from conversations where owner_kind = 'visitor' and owner_id = sessions.visitor_id)`
/** For `login_cards` and `action_runs`. */
const ofOldConversation = (before: number) =>
  sql<boolean>`exists (select 1 from conversations where conversations.id = conversation_id and updated_at < ${before})`

const PURGEABLES: Readonly<Record<Purgeable, Purgeables>> = {
  'sessions that ended': { table: 'sessions', key: 'id', at: 'revoked_at', condition: always },
  'sessions that were never used': {
    table: 'sessions',
    key: 'id',
    at: 'seen_at',
    condition: () => sql`user_id is null and not ${writtenBy}`,
  },
  'sessions nobody came back to': { table: 'sessions', key: 'id', at: 'seen_at', condition: always },
  users: {
    table: 'users',
    key: 'id',
    at: 'created_at',
    condition: () => sql`not exists (select 1 from sessions where user_id = users.id)
      and not exists (select 1 from sessions where merged_into = users.id)
      and not exists (select 1 from conversations where owner_kind = 'user' and owner_id = users.id)`,
  },
  audit: { table: 'audit', key: 'id', at: 'at', condition: always },
  'login cards': { table: 'login_cards', key: 'message_id', at: null, condition: ofOldConversation },
  'action runs': {
    table: 'action_runs',
    key: 'id',
    at: 'created_at',
    condition: (before) => sql`(state = 'settled' or ${ofOldConversation(before)})`,
  },
  'identity traces': { table: 'identity_trace', key: 'entry_key', at: 'at', condition: always },
  'identity traces of no conversation': {
    table: 'identity_trace',
    key: 'entry_key',
    at: 'at',
    condition: (
      before,
    ) => sql`not exists (select 1 from conversations where id = identity_trace.conversation_id)
      and not exists (select 1 from identity_trace as newer
        where newer.conversation_id = identity_trace.conversation_id and newer.at >= ${before})`,
  },
  'failed jobs': { table: 'jobs', key: 'id', at: 'failed_at', condition: always },
  'console sessions': { table: 'agent_sessions', key: 'secret_hash', at: 'expires_at', condition: always },
}

export function createUpkeepStorage(database: SqlDatabase): UpkeepStorage {
  return {
    async purge(what, before, { limit, after }) {
      const { table, key, at, condition } = PURGEABLES[what]
      const place = at === null ? sql.ref(key) : sql`${sql.ref(at)}, ${sql.ref(key)}`
      const rowOf = (position: PurgePosition) =>
        at === null ? sql`${position.key}` : sql`${position.at}, ${position.key}`
      const isOld = at === null ? always() : sql<boolean>`${sql.ref(at)} < ${before}`
      const isAhead = after === null ? always() : sql<boolean>`(${place}) > (${rowOf(after)})`
      // Read first: most rows are kept, and reading them need not delay other writers.
      const rows = await database.read(async (db) => {
        const found = await sql<{
          readonly row_at: number
          readonly row_key: string
          readonly is_over: 0 | 1
        }>`
          select ${at === null ? sql`0` : sql.ref(at)} as row_at, ${sql.ref(key)} as row_key,
            case when ${condition(before)} then 1 else 0 end as is_over
          from ${sql.table(table)} where ${isOld} and ${isAhead} order by ${place} limit ${limit}`.execute(db)
        return found.rows
      })
      const [last] = rows.slice(-1).map((row) => ({ at: row.row_at, key: row.row_key }))
      if (last === undefined) return { deleted: 0, next: null }
      const next = rows.length < limit ? null : last
      if (rows.every((row) => row.is_over === 0)) return { deleted: 0, next }
      const result = await database.write((db: Kysely<Tables>) =>
        sql`delete from ${sql.table(table)} where ${isOld} and ${isAhead}
          and (${place}) <= (${rowOf(last)}) and ${condition(before)}`.execute(db),
      )
      return { deleted: Number(result.numAffectedRows ?? 0), next }
    },
    refreshStatistics: () => database.refreshStatistics(),
  }
}
