/** Webhooks owed to bots: kept until done, so that a crash cannot lose one. */
import { botDeliveryRow } from './append-plan.ts'
import type { Engine } from './engine.ts'
import { toBotDelivery } from './records.ts'
import type { Storage } from './storage.ts'

export function createBotDeliveries(engine: Engine): Storage['botDeliveries'] {
  return {
    add: (conversationId, work, at) =>
      engine.write(async (db) => {
        const row = botDeliveryRow(conversationId, work, at)
        await db.insertInto('bot_deliveries').values(row).execute()
        return toBotDelivery(row)
      }),
    pending: () =>
      engine.read(async (db) => {
        const rows = await db
          .selectFrom('bot_deliveries')
          .selectAll()
          .orderBy('created_at')
          .orderBy('ordinal')
          .execute()
        return rows.map(toBotDelivery)
      }),
    recordAttempt: (id) =>
      engine.write(async (db) => {
        await db
          .updateTable('bot_deliveries')
          .set((row) => ({ attempts: row('attempts', '+', 1) }))
          .where('id', '=', id)
          .execute()
      }),
    done: (id) =>
      engine.write(async (db) => {
        await db.deleteFrom('bot_deliveries').where('id', '=', id).execute()
      }),
  }
}
