/** The server's own keys: made once, and shared by every server on the database. */
import type { ServerKeyStorage } from './authentication-request-storage.ts'
import type { SqlDatabase } from './database.ts'

export function createServerKeys(database: SqlDatabase): ServerKeyStorage {
  return {
    keep: (name, offered, at) =>
      database.write(async (db) => {
        await db
          .insertInto('server_keys')
          .values({ name, value: offered, created_at: at })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute()
        const { value } = await db
          .selectFrom('server_keys')
          .select('value')
          .where('name', '=', name)
          .executeTakeFirstOrThrow()
        return value
      }),
  }
}
