/** Deliveries to bots that are not done, which are jobs. */
import type { SqlDatabase } from './database.ts'
import type { Storage } from './storage.ts'

export function createBotDeliveries(database: SqlDatabase): Storage['botDeliveries'] {
  return {
    count: () =>
      database.read(async (db) => {
        const { count } = await db
          .selectFrom('jobs')
          .select((row) => row.fn.countAll<number | string>().as('count'))
          .where('kind', '=', 'bot-delivery')
          .where('failed_at', 'is', null)
          .executeTakeFirstOrThrow()
        return Number(count)
      }),
    isOwed: (key) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('jobs')
          .select('id')
          .where('kind', '=', 'bot-delivery')
          .where('key', '=', key)
          .executeTakeFirst()
        return row !== undefined
      }),
  }
}
