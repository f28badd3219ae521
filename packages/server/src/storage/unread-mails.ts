/** Mails about unread messages in the database: see `unread-mail-storage.ts`. */
import type { SqlDatabase } from './database.ts'
import { toMessage } from './records.ts'
import type { UnreadMailStorage } from './unread-mail-storage.ts'

export function createUnreadMails(database: SqlDatabase): UnreadMailStorage {
  return {
    mailedSeq: (id) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('conversations')
          .select('mailed_seq')
          .where('id', '=', id)
          .executeTakeFirst()
        return row?.mailed_seq ?? 0
      }),
    markMailed: (id, seq) =>
      database.write(async (db) => {
        await db
          .updateTable('conversations')
          .set({ mailed_seq: seq })
          .where('id', '=', id)
          .where('mailed_seq', '<', seq)
          .execute()
      }),
    formAnswers: (conversationId, limit) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('messages')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .where('about', 'is not', null)
          .where('kind', '=', 'form-answer')
          .orderBy('about', 'desc')
          .limit(limit)
          .execute()
        return rows.map(toMessage).filter((message) => message.kind === 'form-answer')
      }),
    unsubscribe: (app, recipient, at) =>
      database.write(async (db) => {
        await db
          .insertInto('unsubscribed_mails')
          .values({ app, recipient, created_at: at })
          .onConflict((conflict) => conflict.column('recipient').doNothing())
          .execute()
      }),
    isUnsubscribed: (recipient) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('unsubscribed_mails')
          .select('recipient')
          .where('recipient', '=', recipient)
          .executeTakeFirst()
        return row !== undefined
      }),
  }
}
