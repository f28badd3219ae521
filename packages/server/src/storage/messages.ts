/** Reads messages; they are written by the append queue. */
import type { AppendQueue } from './append-queue.ts'
import type { Engine } from './engine.ts'
import { toMessage } from './records.ts'
import type { Storage } from './storage.ts'

export function createMessages(engine: Engine, queue: AppendQueue): Storage['messages'] {
  return {
    append: (request) => queue.append(request),
    find: (id) =>
      engine.read(async (db) => {
        const row = await db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toMessage(row)
      }),
    list: ({ conversationId, after, before, limit }) =>
      engine.read(async (db) => {
        const forward = after !== undefined
        let query = db.selectFrom('messages').selectAll().where('conversation_id', '=', conversationId)
        if (after !== undefined) query = query.where('seq', '>', after)
        if (before !== undefined) query = query.where('seq', '<', before)
        const rows = await query
          .orderBy('seq', forward ? 'asc' : 'desc')
          .limit(limit)
          .execute()
        if (!forward) rows.reverse()
        return rows.map(toMessage)
      }),
  }
}
