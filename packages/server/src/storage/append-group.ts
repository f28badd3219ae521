/** Stores a group of appends in one transaction, with as many statements for two hundred as for one. */
import type { ConversationId, UserId, VisitorId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { type AppendContext, planAppends } from './append-plan.ts'
import type { Engine } from './engine.ts'
import { fromConversation, sameOwner, toConversation } from './records.ts'
import type { MessagesTable, Tables } from './schema.ts'
import type { AppendRequest, AppendResult, ConversationRecord } from './storage.ts'
import { type UserName, userOfKey } from './user-key.ts'

type Database = Kysely<Tables>

/** Results in the order of the requests. */
export function appendGroup(
  engine: Engine,
  requests: readonly AppendRequest[],
): Promise<readonly AppendResult[]> {
  return engine.write(async (db) => {
    const conversations = await lockConversations(db, requests, engine.locksRows)
    const [messages, owners] = [
      await findRepeated(db, requests, conversations),
      await findOwners(db, requests, conversations, engine.locksRows),
    ]
    const plan = planAppends(requests, { conversations, messages, ...owners })
    // The conversation before its messages: on a race for the same new one, the loser fails on the first message
    // and is run again.
    if (plan.conversations.length > 0) {
      await db
        .insertInto('conversations')
        .values(plan.conversations.map(fromConversation))
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((row) => ({
            status: row.ref('excluded.status'),
            handler: row.ref('excluded.handler'),
            head_seq: row.ref('excluded.head_seq'),
            visitor_read_seq: row.ref('excluded.visitor_read_seq'),
            agent_read_seq: row.ref('excluded.agent_read_seq'),
            updated_at: row.ref('excluded.updated_at'),
          })),
        )
        .execute()
      await makeCurrent(
        db,
        plan.conversations.filter(({ id }) => !conversations.has(id)),
      )
    }
    if (plan.messages.length > 0) await db.insertInto('messages').values(plan.messages).execute()
    if (plan.loginCards.length > 0) await db.insertInto('login_cards').values(plan.loginCards).execute()
    if (plan.botDeliveries.length > 0) {
      await db.insertInto('bot_deliveries').values(plan.botDeliveries).execute()
    }
    return plan.results
  })
}

/**
 * What has begun is the current conversation of its owner's sessions, as their devices are told. An empty one that was
 * chosen before stays reserved, so that what is on its way there arrives, but is not shown any more.
 */
async function makeCurrent(db: Database, begun: readonly ConversationRecord[]): Promise<void> {
  if (begun.length === 0) return
  const ids = begun.map(({ id }) => id)
  const users = begun.flatMap(({ owner }) => (owner.kind === 'user' ? [owner.id] : []))
  const visitors = begun.flatMap(({ owner }) => (owner.kind === 'visitor' ? [owner.id] : []))
  const newest = sql<ConversationId>`(select id from conversations where id in (${sql.join(ids)})
    and owner_id = coalesce(sessions.user_id, sessions.visitor_id) order by created_at desc limit 1)`
  await db
    .updateTable('sessions')
    .set({
      conversation_chosen: 0,
      conversation_id: sql`case when exists (select 1 from conversations where id = sessions.conversation_id)
        then ${newest} else sessions.conversation_id end`,
    })
    .where('revoked_at', 'is', null)
    .where('conversation_id', 'not in', ids)
    .where((where) =>
      where.or([
        ...(users.length === 0 ? [] : [where('user_id', 'in', users)]),
        ...(visitors.length === 0
          ? []
          : [where.and([where('user_id', 'is', null), where('visitor_id', 'in', visitors)])]),
      ]),
    )
    .execute()
}

/** In the order of ids, so that two servers with overlapping groups wait instead of deadlocking. */
async function lockConversations(
  db: Database,
  requests: readonly AppendRequest[],
  locksRows: boolean,
): Promise<Map<ConversationId, ConversationRecord>> {
  const ids = [...new Set(requests.map((request) => request.conversationId))]
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id')
    .$if(locksRows, (query) => query.forUpdate())
    .execute()
  return new Map(rows.map((row) => [row.id, toConversation(row)]))
}

async function findRepeated(
  db: Database,
  requests: readonly AppendRequest[],
  conversations: ReadonlyMap<ConversationId, ConversationRecord>,
): Promise<readonly MessagesTable[]> {
  const pairs = requests
    .filter(({ conversationId }) => conversations.has(conversationId))
    .map(({ conversationId, clientId }) => sql`(${conversationId}, ${clientId})`)
  if (pairs.length === 0) return []
  return db
    .selectFrom('messages')
    .selectAll()
    .where(sql<boolean>`(conversation_id, client_id) in (values ${sql.join(pairs)})`)
    .execute()
}

/** Who the owners are, where the conversation is new or not theirs. Rare, so most groups ask nothing here. */
async function findOwners(
  db: Database,
  requests: readonly AppendRequest[],
  conversations: ReadonlyMap<ConversationId, ConversationRecord>,
  locksRows: boolean,
): Promise<Pick<AppendContext, 'mergedInto' | 'userNames'>> {
  const visitors = new Set<VisitorId>()
  const users = new Set<UserId>()
  for (const { conversationId, as } of requests) {
    if (as === null) continue
    const conversation = conversations.get(conversationId)
    if (conversation !== undefined && sameOwner(conversation.owner, as.owner)) continue
    if (as.owner.kind === 'visitor') visitors.add(as.owner.id)
    else users.add(as.owner.id)
  }
  const mergedInto = await findMerged(db, [...visitors], locksRows)
  for (const user of mergedInto.values()) users.add(user)
  return { mergedInto, userNames: await findNames(db, [...users]) }
}

/** Holds a sign-in of these visitors off until this group is stored, so that it takes their new conversations too. */
async function findMerged(
  db: Database,
  visitors: readonly VisitorId[],
  locksRows: boolean,
): Promise<ReadonlyMap<VisitorId, UserId>> {
  if (visitors.length === 0) return new Map()
  const rows = await db
    .selectFrom('sessions')
    .select(['visitor_id', 'merged_into'])
    .where('visitor_id', 'in', visitors)
    .where('user_id', 'is', null)
    .orderBy('id')
    .$if(locksRows, (query) => query.forShare())
    .execute()
  return new Map(
    rows.flatMap((row) => (row.merged_into === null ? [] : [[row.visitor_id, row.merged_into] as const])),
  )
}

async function findNames(db: Database, users: readonly UserId[]): Promise<ReadonlyMap<UserId, UserName>> {
  if (users.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .select(['id', 'user_identifier'])
    .where('id', 'in', users)
    .execute()
  return new Map(rows.map((row) => [row.id, userOfKey(row.user_identifier)]))
}
