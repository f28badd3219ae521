/** Templates of agents, by queries for both databases. */
import type { MessageTemplate } from '@chat-widget/protocol'
import { sql } from 'kysely'
import { storable } from '../text/storable.ts'
import type { SqlDatabase } from './database.ts'
import type { TemplateStorage } from './template-storage.ts'

export function createTemplates(database: SqlDatabase): TemplateStorage {
  return {
    list: (app) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('templates')
          .select(['id', 'name', 'body'])
          .where('app', '=', app)
          .orderBy('name')
          .orderBy('id')
          .execute()
        return rows.map(({ id, name, body }) => ({
          id,
          name,
          body: JSON.parse(body) as MessageTemplate['body'],
        }))
      }),
    save: (app, template, at, room) =>
      database.write(async (db) => {
        const body = JSON.stringify(template.body)
        const row = { name: storable(template.name), body, bytes: Buffer.byteLength(body), updated_at: at }
        const others = await db
          .selectFrom('templates')
          .select((select) => [
            select.fn.countAll<number>().as('templates'),
            sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
          ])
          .where('app', '=', app)
          .where('id', '<>', template.id)
          .executeTakeFirstOrThrow()
        const isFull =
          Number(others.templates) >= room.templates || Number(others.bytes) + row.bytes > room.bytes
        if (isFull) return false
        await db
          .insertInto('templates')
          .values({ app, id: template.id, ...row })
          .onConflict((conflict) => conflict.columns(['app', 'id']).doUpdateSet(row))
          .execute()
        return true
      }),
    remove: (app, id) =>
      database.write(async (db) => {
        await db.deleteFrom('templates').where('app', '=', app).where('id', '=', id).execute()
      }),
  }
}
