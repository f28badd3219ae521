/** Finds, lists, closes and marks conversations. Their first message makes them. */
import type { ConversationId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { listConversations } from './conversation-list.ts'
import type { SqlDatabase } from './database.ts'
import { ratingId } from './derived-client-id.ts'
import { listOwnConversations } from './own-conversations.ts'
import { ownerOf, sameOwner, toConversation, toMessage } from './records.ts'
import type { Tables } from './schema.ts'
import type { ConversationRecord, SessionRecord, Storage } from './storage.ts'

export function createConversations(database: SqlDatabase): Storage['conversations'] {
  return {
    find: (id) => database.read((db) => findConversation(db, id)),
    current: (session) =>
      database.read(async (db) => {
        const owner = ownerOf(session)
        const reserved = await findConversation(db, session.conversationId)
        if (reserved !== null && sameOwner(reserved.owner, owner)) return reserved
        if (reserved === null && (await isChosen(db, session))) return null
        return findNewestOpen(db, session)
      }),
    newestOpen: (session) => database.read((db) => findNewestOpen(db, session)),
    ofBot: (app, limit) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('conversations')
          .selectAll()
          .where('app', '=', app)
          .where('status', '=', 'open')
          .where('handler', '=', 'bot')
          .limit(limit)
          .execute()
        return rows.map(toConversation)
      }),
    idsOf: (owner) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('conversations')
          .select('id')
          .where('owner_id', '=', owner.id)
          .where('owner_kind', '=', owner.kind)
          .execute()
        return rows.map((row) => row.id)
      }),
    list: (query) => database.read((db) => listConversations(db, query)),
    markRead: (id, reader, seq) => database.write((db) => advance(db, id, seq, [`${reader}_read_seq`])),
    // What was read is on a device as well.
    markDelivered: (id, holder, seq) =>
      database.write((db) => advance(db, id, seq, [`${holder}_delivered_seq`, `${holder}_read_seq`])),
    listOwn: (query) => database.read((db) => listOwnConversations(db, query)),
    hasOpen: (owner, app) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('conversations')
          .select('id')
          .where('owner_id', '=', owner.id)
          .where('owner_kind', '=', owner.kind)
          .where('app', '=', app)
          .where('status', '=', 'open')
          .limit(1)
          .executeTakeFirst()
        return row !== undefined
      }),
    ratingsOf: (ids) =>
      database.read(async (db) => {
        if (ids.length === 0) return new Map()
        const keys = ids.map((id) => sql`(${id}, ${ratingId(id)})`)
        const rows = await db
          .selectFrom('messages')
          .selectAll()
          .where(sql<boolean>`(conversation_id, client_id) in (values ${sql.join(keys)})`)
          .execute()
        return new Map(
          rows.map(toMessage).flatMap((message) => {
            if (message.kind !== 'event' || message.event.type !== 'rated') return []
            const { type: _, ...rated } = message.event
            return [[message.conversationId, rated] as const]
          }),
        )
      }),
    countUnread: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('conversations')
          .select(['app', sql<number | string | null>`sum(head_seq - agent_read_seq)`.as('unread')])
          .where('status', '=', 'open')
          .whereRef('head_seq', '>', 'agent_read_seq')
          .groupBy('app')
          .execute()
        return new Map(rows.map(({ app, unread }) => [app, Number(unread ?? 0)]))
      }),
  }
}

const upToHead = (seq: number) => sql<number>`case when head_seq < ${seq} then head_seq else ${seq} end`

/** True if the visitor asked for the session's reserved conversation. */
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

async function findNewestOpen(
  db: Kysely<Tables>,
  session: SessionRecord,
): Promise<ConversationRecord | null> {
  const owner = ownerOf(session)
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
}

type Position = 'visitor_read_seq' | 'agent_read_seq' | 'visitor_delivered_seq' | 'agent_delivered_seq'

/** Moves the first position forward, at most to the head, if none of them is there yet. */
async function advance(
  db: Kysely<Tables>,
  id: ConversationId,
  seq: number,
  positions: readonly [moved: Position, ...others: Position[]],
): Promise<ConversationRecord | null> {
  let update = db
    .updateTable('conversations')
    .set({ [positions[0]]: upToHead(seq) })
    .where('id', '=', id)
  for (const position of positions)
    update = update.where(position, '<', seq).whereRef(position, '<', 'head_seq')
  const row = await update.returningAll().executeTakeFirst()
  return row === undefined ? null : toConversation(row)
}
