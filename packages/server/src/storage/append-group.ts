/** Stores a group of appends in one transaction, with as many statements for two hundred as for one. */
import type { ConversationId, FileId, UserId, VisitorId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { aboutOf, forgottenEdit } from './append-about.ts'
import { botLane } from './append-jobs.ts'
import { followUpId, joinedKey } from './append-own.ts'
import {
  type AppendContext,
  actingOwner,
  fileOf,
  isClosing,
  isReopening,
  type OwedDelivery,
  planAppends,
} from './append-plan.ts'
import type { SqlDatabase } from './database.ts'
import { addJobs } from './jobs.ts'
import { findMerged, isAnonymous, lockConversations, lockOwners } from './locks.ts'
import { fromConversation, sameOwner, toConversation } from './records.ts'
import type { MessagesTable, Tables } from './schema.ts'
import type { AppendRequest, AppendResult, ConversationRecord, Owner } from './storage.ts'
import { type UserName, userOfKey } from './user-key.ts'

type Database = Kysely<Tables>
/** Keeps a statement far below the databases' limits of parameters. */
const CHUNK = 200

type Conversations = ReadonlyMap<ConversationId, ConversationRecord>

/** Results in the order of the requests. */
export async function appendGroup(
  database: SqlDatabase,
  requests: readonly AppendRequest[],
): Promise<readonly AppendResult[]> {
  const { locksRows } = database
  if (!locksRows) return database.writeAppends((db) => storeAppends(db, requests, database))
  let beginning: readonly Owner[] = []
  const results = await database.writeAppends(async (db) => {
    const conversations = await findConversations(db, requests, locksRows)
    beginning = beginners(requests, conversations)
    if (beginning.length > 0) return null
    return store(db, requests, database, conversations, await findRepeated(db, requests))
  })
  if (results !== null) return results
  // Rare: a new conversation. Its owner must be locked before it, so the transaction starts again.
  return database.writeAppends(async (db) => {
    await lockOwners(db, beginning)
    return storeAppends(db, requests, database)
  })
}

/** Call it within a transaction that holds locks on the owners of new conversations, if there may be any. */
export async function storeAppends(
  db: Database,
  requests: readonly AppendRequest[],
  { locksRows, together }: Pick<SqlDatabase, 'locksRows' | 'together'>,
): Promise<readonly AppendResult[]> {
  const [conversations, repeated] = await together([
    () => findConversations(db, requests, locksRows),
    () => findRepeated(db, requests),
  ])
  return store(db, requests, { locksRows, together }, conversations, repeated)
}

async function store(
  db: Database,
  requests: readonly AppendRequest[],
  { locksRows, together }: Pick<SqlDatabase, 'locksRows' | 'together'>,
  conversations: Conversations,
  messages: readonly MessagesTable[],
): Promise<readonly AppendResult[]> {
  const owners = await findOwners(db, requests, conversations)
  const begun = await findBegun(db, requests, conversations, owners.mergedInto)
  const owed = await findOwed(db, requests)
  const earlier = await findEarlier(db, requests)
  const joined = await findJoined(db, requests)
  const unsent = await findUnsent(db, requests, locksRows)
  const plan = planAppends(requests, {
    ...{ conversations, messages, ...owners, ...begun, owed, earlier, joined, unsent },
  })
  // The conversation before its messages: in a race for the same new one, the loser fails on the first message and is
  // run again.
  const writes: (() => Promise<unknown>)[] = []
  if (plan.conversations.length > 0) {
    writes.push(
      () =>
        db
          .insertInto('conversations')
          .values(plan.conversations.map(fromConversation))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((row) => ({
              status: row.ref('excluded.status'),
              handler: row.ref('excluded.handler'),
              head_seq: row.ref('excluded.head_seq'),
              visitor_read_seq: row.ref('excluded.visitor_read_seq'),
              agent_read_seq: row.ref('excluded.agent_read_seq'),
              language: row.ref('excluded.language'),
              updated_at: row.ref('excluded.updated_at'),
            })),
          )
          .execute(),
      () =>
        makeCurrent(
          db,
          plan.conversations.filter(({ id }) => !conversations.has(id)),
        ),
    )
  }
  if (plan.messages.length > 0) writes.push(() => db.insertInto('messages').values(plan.messages).execute())
  // After the messages: one of them may be deleted in the same group as it was edited.
  for (const row of plan.revised) writes.push(...revise(db, row))
  for (const { id, messageId, conversationId } of plan.sent)
    writes.push(() =>
      db
        .updateTable('files')
        .set({ message_id: messageId, conversation_id: conversationId })
        .where('id', '=', id)
        .execute(),
    )
  if (plan.loginCards.length > 0)
    writes.push(() => db.insertInto('login_cards').values(plan.loginCards).execute())
  for (let from = 0; from < plan.cancelled.length; from += CHUNK) {
    const ids = plan.cancelled.slice(from, from + CHUNK)
    writes.push(() => db.deleteFrom('jobs').where('id', 'in', ids).execute())
  }
  if (plan.jobs.length > 0) writes.push(() => addJobs(db, plan.jobs))
  await together(writes)
  return plan.results
}

function revise(db: Database, row: MessagesTable): (() => Promise<unknown>)[] {
  const { id, kind, text, details, changed, conversation_id, seq } = row
  const write = () =>
    db.updateTable('messages').set({ kind, text, details, changed }).where('id', '=', id).execute()
  if (changed !== 'deleted') return [write]
  const forget = () =>
    db
      .updateTable('messages')
      .set(forgottenEdit(seq))
      .where('conversation_id', '=', conversation_id)
      .where('about', '=', seq)
      .where('kind', '=', 'event')
      .where('details', 'like', '%"type":"edited"}')
      .execute()
  return [write, forget]
}

const isNew = (request: AppendRequest, conversations: Conversations): boolean =>
  request.as !== null && !conversations.has(request.conversationId)

function beginners(requests: readonly AppendRequest[], conversations: Conversations): readonly Owner[] {
  return requests.flatMap((request) =>
    request.as !== null && isNew(request, conversations) ? [request.as.owner] : [],
  )
}

/**
 * Makes a begun conversation the current one of its owner's sessions, as their devices are told. A session's empty one
 * stays reserved, so that messages on their way to it arrive, but is no longer shown.
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
      conversation_chosen: sql`case when conversation_chosen = 0
        or exists (select 1 from conversations where id = sessions.conversation_id) then 0 else 2 end`,
      conversation_id: sql`case when exists (select 1 from conversations where id = sessions.conversation_id)
        then ${newest} else sessions.conversation_id end`,
    })
    .where('revoked_at', 'is', null)
    .where('conversation_id', 'not in', ids)
    .where((where) =>
      where.or([
        ...(users.length === 0 ? [] : [where('user_id', 'in', users)]),
        ...(visitors.length === 0 ? [] : [where.and([isAnonymous, where('visitor_id', 'in', visitors)])]),
      ]),
    )
    .execute()
}

async function findConversations(
  db: Database,
  requests: readonly AppendRequest[],
  locksRows: boolean,
): Promise<Conversations> {
  const ids = [...new Set(requests.map((request) => request.conversationId))]
  const rows = await lockConversations(db, ids, locksRows)
  return new Map(rows.map((row) => [row.id, toConversation(row)]))
}

/**
 * [DL10] Finds owners with an open conversation, and new conversations that were asked for. Locks on the owners keep
 * others from beginning one meanwhile.
 */
async function findBegun(
  db: Database,
  requests: readonly AppendRequest[],
  conversations: Conversations,
  mergedInto: AppendContext['mergedInto'],
): Promise<Pick<AppendContext, 'openOwners' | 'askedFor'>> {
  const beginning = requests.filter((request) => {
    const known = conversations.get(request.conversationId)
    return isNew(request, conversations) || (known !== undefined && isReopening(request, known))
  })
  const owners = beginning.flatMap(({ as }) => (as === null ? [] : [actingOwner(as.owner, mergedInto).id]))
  if (owners.length === 0) return { openOwners: new Set(), askedFor: new Set() }
  const open = await db
    .selectFrom('conversations')
    .select('owner_id')
    .distinct()
    .where('owner_id', 'in', owners)
    .where('status', '=', 'open')
    .execute()
  const asked = await db
    .selectFrom('sessions')
    .select('conversation_id')
    .where((where) =>
      where.or([
        where('user_id', 'in', owners as UserId[]),
        where('visitor_id', 'in', owners as VisitorId[]),
      ]),
    )
    .where('conversation_chosen', '<>', 0)
    .execute()
  return {
    openOwners: new Set(open.map((row) => row.owner_id)),
    askedFor: new Set(asked.map((row) => row.conversation_id)),
  }
}

/** [BT2] Finds deliveries that closings cancel; their conversations are locked. */
async function findOwed(db: Database, requests: readonly AppendRequest[]): Promise<readonly OwedDelivery[]> {
  const lanes = requests.filter(isClosing).map(({ conversationId }) => botLane(conversationId))
  if (lanes.length === 0) return []
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'payload'])
    .where('lane', 'in', lanes)
    .where('failed_at', 'is', null)
    .execute()
  return rows.map(({ id, payload }) => ({ id, payload: JSON.parse(payload) }))
}

/** [MK11] Finds agents of the group who have written in its conversations before. */
async function findJoined(db: Database, requests: readonly AppendRequest[]): Promise<ReadonlySet<string>> {
  const pairs = requests.flatMap(({ conversationId, author, takeOver }) =>
    takeOver && author.id !== undefined ? [sql`(${conversationId}, ${author.id})`] : [],
  )
  if (pairs.length === 0) return new Set()
  const rows = await db
    .selectFrom('messages')
    .select(['conversation_id', 'author_id'])
    .distinct()
    .where(sql<boolean>`(conversation_id, author_id) in (values ${sql.join(pairs)})`)
    .execute()
  return new Set(
    rows.flatMap((row) => (row.author_id === null ? [] : [joinedKey(row.conversation_id, row.author_id)])),
  )
}

/** Finds the messages that answers, edits and deletions are about, and answers to them. Rare. */
async function findEarlier(
  db: Database,
  requests: readonly AppendRequest[],
): Promise<readonly MessagesTable[]> {
  const found: MessagesTable[] = []
  for (const { conversationId, body } of requests) {
    const about = aboutOf(body)
    if (about === null) continue
    const ofConversation = db.selectFrom('messages').selectAll().where('conversation_id', '=', conversationId)
    found.push(...(await ofConversation.where('seq', '=', about).execute()))
    found.push(
      ...(await ofConversation.where('about', '=', about).where('author_kind', '=', 'visitor').execute()),
    )
  }
  return found
}

/** Finds the files of the group that were not sent before. Rare. */
async function findUnsent(
  db: Database,
  requests: readonly AppendRequest[],
  locksRows: boolean,
): Promise<ReadonlySet<FileId>> {
  const ids = requests.map(fileOf).filter((id) => id !== null)
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('files')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', 'stored')
    .where('message_id', 'is', null)
    .orderBy('id')
    .$if(locksRows, (query) => query.forUpdate())
    .execute()
  return new Set(rows.map(({ id }) => id))
}

async function findRepeated(
  db: Database,
  requests: readonly AppendRequest[],
): Promise<readonly MessagesTable[]> {
  const pairs = requests.flatMap((request) => {
    const { conversationId, clientId, followUp } = request
    const ids = followUp === undefined ? [clientId] : [clientId, followUpId(request)]
    return ids.map((id) => sql`(${conversationId}, ${id})`)
  })
  return db
    .selectFrom('messages')
    .selectAll()
    .where(sql<boolean>`(conversation_id, client_id) in (values ${sql.join(pairs)})`)
    .execute()
}

/**
 * Finds the owners of conversations that are new or belong to someone else. Rare, so most groups query nothing here.
 */
async function findOwners(
  db: Database,
  requests: readonly AppendRequest[],
  conversations: Conversations,
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
  const mergedInto = await findMerged(db, [...visitors])
  for (const user of mergedInto.values()) users.add(user)
  return { mergedInto, userNames: await findNames(db, [...users]) }
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
