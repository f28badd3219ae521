/** Finds, lists, closes and marks conversations; they are made by their first message. */
import type { ConversationId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Engine } from './engine.ts'
import { ownerOf, sameOwner, toConversation, toMessage } from './records.ts'
import type { ConversationsTable, Tables } from './schema.ts'
import type { ConversationRecord, SessionRecord, Storage } from './storage.ts'

export function createConversations(engine: Engine): Storage['conversations'] {
  return {
    find: (id) => engine.read((db) => findConversation(db, id)),
    current: (session) =>
      engine.read(async (db) => {
        const owner = ownerOf(session)
        const reserved = await findConversation(db, session.conversationId)
        if (reserved !== null && sameOwner(reserved.owner, owner)) return reserved
        if (reserved === null && (await isChosen(db, session))) return null
        const row = await db
          .selectFrom('conversations')
          .selectAll()
          .where('owner_id', '=', owner.id)
          .where('owner_kind', '=', owner.kind)
          .where('app', '=', session.app)
          .where('status', '=', 'open')
          .orderBy('updated_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        return row === undefined ? null : toConversation(row)
      }),
    idsOf: (owner) =>
      engine.read(async (db) => {
        const rows = await db
          .selectFrom('conversations')
          .select('id')
          .where('owner_id', '=', owner.id)
          .where('owner_kind', '=', owner.kind)
          .execute()
        return rows.map((row) => row.id)
      }),
    list: ({ app, status, cursor, limit }) =>
      engine.read(async (db) => {
        let query = db.selectFrom('conversations').selectAll()
        if (app !== undefined) query = query.where('app', '=', app)
        if (status !== undefined) query = query.where('status', '=', status)
        if (cursor !== undefined) {
          const { updatedAt, id } = decodeCursor(cursor)
          query = query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('updated_at', 'id'), '<', tuple(updatedAt, id)),
          )
        }
        const rows = await query
          .orderBy('updated_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute()
        const page = rows.slice(0, limit)
        const lastMessages = await findLastMessages(db, page)
        const last = page.at(-1)
        return {
          conversations: page.flatMap((row) => {
            const lastMessage = lastMessages.get(row.id)
            return lastMessage === undefined ? [] : [{ ...toConversation(row), lastMessage }]
          }),
          cursor: rows.length > limit && last !== undefined ? encodeCursor(last.updated_at, last.id) : null,
        }
      }),
    setHandler: (id, handler) =>
      engine.write(async (db) => {
        const row = await db
          .updateTable('conversations')
          .set({ handler })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        return row === undefined ? null : toConversation(row)
      }),
    markRead: (id, reader, seq) =>
      engine.write(async (db) => {
        const column = reader === 'visitor' ? 'visitor_read_seq' : 'agent_read_seq'
        const position = sql<number>`case when head_seq < ${seq} then head_seq else ${seq} end`
        const row = await db
          .updateTable('conversations')
          .set({ [column]: position })
          .where('id', '=', id)
          .where(column, '<', seq)
          .whereRef(column, '<', 'head_seq')
          .returningAll()
          .executeTakeFirst()
        return row === undefined ? null : toConversation(row)
      }),
  }
}

/** Whether the visitor asked for the session's reserved conversation. */
async function isChosen(db: Kysely<Tables>, session: SessionRecord): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .select('conversation_chosen')
    .where('id', '=', session.id)
    .where('conversation_id', '=', session.conversationId)
    .executeTakeFirst()
  return row?.conversation_chosen === 1
}

async function findConversation(db: Kysely<Tables>, id: ConversationId): Promise<ConversationRecord | null> {
  const row = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toConversation(row)
}

async function findLastMessages(db: Kysely<Tables>, page: readonly ConversationsTable[]) {
  if (page.length === 0) return new Map()
  const heads = page.map(({ id, head_seq }) => sql`(${id}, ${sql.lit(head_seq)})`)
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where(sql<boolean>`(conversation_id, seq) in (values ${sql.join(heads)})`)
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row)]))
}
