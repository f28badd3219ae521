/** Reads messages; the append queue writes them. */
import { sql } from 'kysely'
import type { AppendQueue } from './append-queue.ts'
import type { SqlDatabase } from './database.ts'
import { toMessage } from './records.ts'
import type { Storage } from './storage.ts'

export function createMessages(database: SqlDatabase, queue: AppendQueue): Storage['messages'] {
  return {
    append: (request) => queue.append(request),
    find: (id) =>
      database.read(async (db) => {
        const row = await db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toMessage(row)
      }),
    has: ({ conversationId, clientId }) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('messages')
          .select('id')
          .where('conversation_id', '=', conversationId)
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        return row !== undefined
      }),
    list: ({ conversationId, after, before, limit, maxBytes }) =>
      database.read(async (db) => {
        const forward = after !== undefined
        const direction = forward ? 'asc' : 'desc'
        let query = db.selectFrom('messages').selectAll().where('conversation_id', '=', conversationId)
        if (after !== undefined) query = query.where('seq', '>', after)
        if (before !== undefined) query = query.where('seq', '<', before)
        query = query.orderBy('seq', direction).limit(limit)
        if (maxBytes !== undefined) {
          // Summed in the database, so that messages beyond the limit are not read out of it.
          const own = sql<number>`octet_length(page.text) + coalesce(octet_length(page.details), 0)`
          const sized = db
            .selectFrom(query.as('page'))
            .selectAll('page')
            .select(own.as('bytes'))
            .select(sql<number>`sum(${own}) over (order by page.seq ${sql.raw(direction)})`.as('total'))
          query = db
            .selectFrom(sized.as('sized'))
            .selectAll('sized')
            .where((where) =>
              where.or([
                where('sized.total', '<=', maxBytes),
                where('sized.total', '=', where.ref('sized.bytes')),
              ]),
            )
            .orderBy('sized.seq', direction) as never
        }
        const rows = await query.execute()
        if (!forward) rows.reverse()
        return rows.map(toMessage)
      }),
  }
}
