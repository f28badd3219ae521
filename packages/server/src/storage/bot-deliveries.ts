/** Deliveries to bots: stored until done, so that a crash cannot lose them. */
import type { ConversationId } from '@chat-widget/protocol'
import { botDeliveryRow } from './append-plan.ts'
import type { SqlDatabase } from './database.ts'
import { toBotDelivery } from './records.ts'
import type { Storage } from './storage.ts'

export function createBotDeliveries(database: SqlDatabase): Storage['botDeliveries'] {
  return {
    next: (conversationId) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('bot_deliveries')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .orderBy('ordinal')
          .orderBy('id')
          .limit(1)
          .executeTakeFirst()
        return row === undefined ? null : toBotDelivery(row)
      }),
    conversations: ({ after, limit }) =>
      database.read(async (db) => {
        let query = db.selectFrom('bot_deliveries').select('conversation_id').distinct()
        if (after !== null) query = query.where('conversation_id', '>', after)
        const rows = await query.orderBy('conversation_id').limit(limit).execute()
        return rows.map((row): ConversationId => row.conversation_id)
      }),
    count: () =>
      database.read(async (db) => {
        const { count } = await db
          .selectFrom('bot_deliveries')
          .select((row) => row.fn.countAll<number | string>().as('count'))
          .executeTakeFirstOrThrow()
        return Number(count)
      }),
    recordAttempt: (id) =>
      database.write(async (db) => {
        await db
          .updateTable('bot_deliveries')
          .set((row) => ({ attempts: row('attempts', '+', 1) }))
          .where('id', '=', id)
          .execute()
      }),
    isOwed: (id) =>
      database.read(async (db) => {
        const row = await db.selectFrom('bot_deliveries').select('id').where('id', '=', id).executeTakeFirst()
        return row !== undefined
      }),
    done: (id, results, at) =>
      database.write(async (db) => {
        const row = await db
          .deleteFrom('bot_deliveries')
          .where('id', '=', id)
          .returning(['conversation_id', 'ordinal'])
          .executeTakeFirst()
        // Another try was done first, or the conversation was closed.
        if (row === undefined || results.length === 0) return
        const { conversation_id, ordinal } = row
        await db
          .insertInto('bot_deliveries')
          .values(
            results.map((work, index) => ({
              ...botDeliveryRow(conversation_id, work, at),
              ordinal: ordinal + index + 1,
            })),
          )
          .execute()
      }),
  }
}
