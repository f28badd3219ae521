/** Stores the newest identity transitions of each conversation ([ID17]). */
import { type ConversationId, TRACE_KEPT } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import type { SqlDatabase } from './database.ts'
import type { IdentityTraceTable, Tables } from './schema.ts'
import type { IdentityTraceRecord, Storage } from './storage.ts'

export function createIdentityTraces(database: SqlDatabase): Storage['identityTraces'] {
  return {
    async add(conversationId, records) {
      if (records.length === 0) return false
      return database.write(async (db) => {
        const added = await db
          .insertInto('identity_trace')
          .values(records.map((record) => toRow(conversationId, record)))
          .onConflict((conflict) => conflict.columns(['conversation_id', 'entry_key']).doNothing())
          .returning('entry_key')
          .execute()
        if (added.length === 0) return false
        await db
          .deleteFrom('identity_trace')
          .where('conversation_id', '=', conversationId)
          .where('entry_key', 'not in', newest(db, conversationId).select('entry_key'))
          .execute()
        return true
      })
    },
    list: (conversationId) =>
      database.read(async (db) => {
        const rows = await newest(db, conversationId).selectAll().execute()
        return rows
          .map(toRecord)
          .sort((one, other) => one.at - other.at || one.ordinal - other.ordinal || byKey(one, other))
      }),
  }
}

/** The server's own come first: a flooding device displaces entries of devices, never those of the server. */
function newest(db: Kysely<Tables>, conversationId: ConversationId) {
  return db
    .selectFrom('identity_trace')
    .where('conversation_id', '=', conversationId)
    .orderBy(sql`case source when 'server' then 0 else 1 end`)
    .orderBy('at', 'desc')
    .orderBy('ordinal', 'desc')
    .limit(TRACE_KEPT)
}

const byKey = (one: IdentityTraceRecord, other: IdentityTraceRecord) => (one.key < other.key ? -1 : 1)

const toRow = (conversationId: ConversationId, record: IdentityTraceRecord): IdentityTraceTable => ({
  conversation_id: conversationId,
  entry_key: record.key,
  source: record.source,
  tab: record.tab,
  ordinal: record.ordinal,
  at: record.at,
  device_at: record.deviceAt,
  from_status: record.from,
  to_status: record.to,
  cause: record.cause,
  code: record.code,
})

const toRecord = (row: IdentityTraceTable): IdentityTraceRecord => ({
  key: row.entry_key,
  source: row.source,
  tab: row.tab,
  ordinal: row.ordinal,
  at: row.at,
  deviceAt: row.device_at,
  from: row.from_status,
  to: row.to_status,
  cause: row.cause,
  code: row.code,
})
