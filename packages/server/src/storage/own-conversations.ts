/** A visitor's own conversations, for the visitor's devices. */
import type { OwnConversation } from '@chat-widget/protocol'
import type { Kysely } from 'kysely'
import { findLastMessages } from './conversation-list.ts'
import type { Tables } from './schema.ts'
import type { OwnConversationsQuery } from './storage.ts'

export async function listOwnConversations(
  db: Kysely<Tables>,
  { owner, app, limit }: OwnConversationsQuery,
): Promise<readonly OwnConversation[]> {
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('owner_id', '=', owner.id)
    .where('owner_kind', '=', owner.kind)
    .where('app', '=', app)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  const lastMessages = await findLastMessages(db, rows)
  const counts = await db
    .selectFrom('messages')
    .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
    .select(({ fn }) => ['messages.conversation_id as id', fn.countAll<number | string>().as('unread')])
    .where(
      'messages.conversation_id',
      'in',
      rows.map(({ id }) => id),
    )
    .whereRef('messages.seq', '>', 'conversations.visitor_read_seq')
    .where('messages.author_kind', '<>', 'visitor')
    .where('messages.kind', '<>', 'event')
    .groupBy('messages.conversation_id')
    .execute()
  const unread = new Map(counts.map((row) => [row.id, Number(row.unread)]))
  return rows.flatMap(({ id, status }) => {
    const lastMessage = lastMessages.get(id)
    return lastMessage === undefined ? [] : [{ id, status, unread: unread.get(id) ?? 0, lastMessage }]
  })
}
