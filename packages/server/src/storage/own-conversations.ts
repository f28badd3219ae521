/** A visitor's own conversations, for the visitor's devices. */
import {
  type ConversationId,
  LIMITS,
  type MessageAuthor,
  type OwnConversation,
  type OwnConversationPage,
} from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { findLastMessages } from './conversation-list.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { OwnConversationsQuery } from './own-conversation-storage.ts'
import { toMessage } from './records.ts'
import type { ConversationsTable, Tables } from './schema.ts'

/** Newest messages of a conversation among which the agent's is sought. */
const AGENT_WITHIN = 100

export async function listOwnConversations(
  db: Kysely<Tables>,
  query: OwnConversationsQuery,
): Promise<OwnConversationPage> {
  const rows = await findPage(db, query)
  const unread = await countUnread(db, query)
  const lastMessages = await findLastMessages(db, rows)
  const agents = await findAgents(db, rows)
  const conversations: OwnConversation[] = []
  let bytes = 0
  let last: ConversationsTable | undefined
  for (const row of rows.slice(0, query.limit)) {
    const lastMessage = lastMessages.get(row.id)
    // Deleted meanwhile.
    if (lastMessage === undefined) continue
    const agent = agents.get(row.id)
    const own: OwnConversation = {
      id: row.id,
      status: row.status,
      unread: unread.get(row.id) ?? 0,
      lastMessage,
      ...(agent !== undefined && { agent }),
    }
    bytes += Buffer.byteLength(JSON.stringify(own)) + 1
    if (last !== undefined && bytes > LIMITS.answerBytes) break
    conversations.push(own)
    last = row
  }
  const isMore = last !== undefined && last !== rows.at(-1)
  return {
    conversations,
    cursor:
      isMore && last !== undefined
        ? encodeCursor({ order: 'updated', at: last.updated_at, id: last.id, start: last.updated_at })
        : null,
    unread: [...unread.values()].reduce((sum, count) => sum + count, 0),
  }
}

const ownedBy = (db: Kysely<Tables>, { owner, app }: OwnConversationsQuery) =>
  db
    .selectFrom('conversations')
    .where('owner_id', '=', owner.id)
    .where('owner_kind', '=', owner.kind)
    .where('app', '=', app)

/** One more than the page has, to know if there is a next one. Devices learn of what moves meanwhile by its message. */
function findPage(db: Kysely<Tables>, query: OwnConversationsQuery): Promise<ConversationsTable[]> {
  let rows = ownedBy(db, query).selectAll()
  if (query.cursor !== undefined) {
    const { at, id } = decodeCursor(query.cursor)
    rows = rows.where(({ eb, refTuple, tuple }) => eb(refTuple('updated_at', 'id'), '<', tuple(at, id)))
  }
  return rows
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
}

/** The agents who wrote last, each sought among the newest messages: others would have to be read to the beginning. */
async function findAgents(
  db: Kysely<Tables>,
  page: readonly ConversationsTable[],
): Promise<ReadonlyMap<ConversationId, MessageAuthor>> {
  if (page.length === 0) return new Map()
  const rows = await db
    .selectFrom('messages')
    .selectAll('messages')
    .innerJoin(
      (from) =>
        from
          .selectFrom('messages')
          .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
          .where(
            'conversations.id',
            'in',
            page.map(({ id }) => id),
          )
          .where('messages.author_kind', '=', 'agent')
          .whereRef('messages.seq', '>', sql`conversations.head_seq - ${sql.lit(AGENT_WITHIN)}`)
          .select(({ fn }) => ['messages.conversation_id as id', fn.max('messages.seq').as('seq')])
          .groupBy('messages.conversation_id')
          .as('newest'),
      (join) =>
        join.onRef('newest.id', '=', 'messages.conversation_id').onRef('newest.seq', '=', 'messages.seq'),
    )
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row).author]))
}

/** Of all the owner's conversations that have unread messages. */
async function countUnread(db: Kysely<Tables>, query: OwnConversationsQuery) {
  const counts = await ownedBy(db, query)
    .innerJoin('messages', 'messages.conversation_id', 'conversations.id')
    .whereRef('conversations.head_seq', '>', 'conversations.visitor_read_seq')
    .whereRef('messages.seq', '>', 'conversations.visitor_read_seq')
    .where('messages.author_kind', '<>', 'visitor')
    .where('messages.kind', '<>', 'event')
    .select(({ fn }) => ['conversations.id as id', fn.countAll<number | string>().as('unread')])
    .groupBy('conversations.id')
    .execute()
  return new Map(counts.map((row) => [row.id, Number(row.unread)]))
}
