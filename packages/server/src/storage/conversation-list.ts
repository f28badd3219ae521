/**
 * Pages of an app's conversations: a walk sees each one that existed at its beginning once, despite writes meanwhile.
 */
import { ChatError, type ConversationId, type Message } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { decodeCursor, encodeCursor, type ListPosition } from './cursor.ts'
import { toConversation, toMessage } from './records.ts'
import type { ConversationsTable, Tables } from './schema.ts'
import type { ListQuery, Storage } from './storage.ts'

type Page = Awaited<ReturnType<Storage['conversations']['list']>>

/** A conversation with its sort time in the list. */
type Placed = ConversationsTable & { readonly place: number }

export async function listConversations(db: Kysely<Tables>, query: ListQuery): Promise<Page> {
  const from = query.cursor === undefined ? null : decodeCursor(query.cursor)
  if (from !== null && query.order !== undefined && query.order !== from.order)
    throw new ChatError('bad-request', 'cursor: of a list in another order')
  const order = from?.order ?? query.order ?? 'updated'
  const rows =
    order === 'created'
      ? await inEachApp(query, (one) => below(db, 'created_at', one, from))
      : await byUpdate(db, query, from)
  const page = rows.slice(0, query.limit)
  const lastMessages = await findLastMessages(db, page)
  const [first] = page
  const last = page.at(-1)
  return {
    conversations: page.flatMap((row) => {
      const lastMessage = lastMessages.get(row.id)
      return lastMessage === undefined ? [] : [{ ...toConversation(row), lastMessage }]
    }),
    cursor:
      rows.length > query.limit && first !== undefined && last !== undefined
        ? encodeCursor({ order, at: last.place, id: last.id, start: from?.start ?? first.place })
        : null,
  }
}

/** Of several apps each is searched by its own index, and the pages are merged. */
async function inEachApp(
  query: ListQuery,
  search: (query: ListQuery) => Promise<Placed[]>,
): Promise<Placed[]> {
  if (query.apps === undefined || query.apps.length === 1) return search(query)
  const found = await Promise.all(query.apps.map((app) => search({ ...query, apps: [app] })))
  return found
    .flat()
    .sort(byPlace)
    .slice(0, query.limit + 1)
}

const byPlace = (one: Placed, other: Placed): number =>
  other.place - one.place || (one.id < other.id ? 1 : -1)

/** Selects one more than the page has, to know if there is a next page. */
function below(
  db: Kysely<Tables>,
  column: 'created_at' | 'updated_at',
  query: ListQuery,
  from: ListPosition | null,
): Promise<Placed[]> {
  let rows = select(db, query).select(`${column} as place`)
  if (from !== null)
    rows = rows.where(({ eb, refTuple, tuple }) => eb(refTuple(column, 'id'), '<', tuple(from.at, from.id)))
  return rows
    .orderBy(column, 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
}

/**
 * Conversations not written to since the walk began keep their place. The others left it; their last earlier message
 * tells where it was.
 */
async function byUpdate(db: Kysely<Tables>, query: ListQuery, from: ListPosition | null): Promise<Placed[]> {
  const unmoved = await inEachApp(query, (one) => below(db, 'updated_at', one, from))
  if (from === null) return unmoved
  // Read second: a conversation written to in between is then found twice rather than never.
  const moved = await inEachApp(query, (one) => movedSince(db, one, from))
  const found = new Set(unmoved.map(({ id }) => id))
  return [...unmoved, ...moved.filter(({ id }) => !found.has(id))].sort(byPlace).slice(0, query.limit + 1)
}

function movedSince(
  db: Kysely<Tables>,
  query: ListQuery,
  { at, id, start }: ListPosition,
): Promise<Placed[]> {
  const place = sql<number>`(select created_at from messages where conversation_id = conversations.id
    and created_at <= ${start} order by seq desc limit 1)`
  return select(db, query)
    .select(place.as('place'))
    .where('updated_at', '>', start)
    .where('created_at', '<=', start)
    .where(sql<boolean>`(${place}, id) < (${at}, ${id})`)
    .orderBy('place', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
}

function select(db: Kysely<Tables>, { apps: [app] = [], status }: ListQuery) {
  let rows = db.selectFrom('conversations').selectAll()
  if (app !== undefined) rows = rows.where('app', '=', app)
  if (status !== undefined) rows = rows.where('status', '=', status)
  return rows
}

export async function findLastMessages(
  db: Kysely<Tables>,
  page: readonly ConversationsTable[],
): Promise<ReadonlyMap<ConversationId, Message>> {
  if (page.length === 0) return new Map()
  const heads = page.map(({ id, head_seq }) => sql`(${id}, ${sql.lit(head_seq)})`)
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where(sql<boolean>`(conversation_id, seq) in (values ${sql.join(heads)})`)
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row)]))
}
