/**
 * Row locks, in one order for all transactions: users, then sessions, then conversations, each by id; then the rows
 * that belong to them. Two transactions with different orders would deadlock. Only if there are other writers.
 */
import type { ConversationId, UserId, VisitorId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { Conflict } from './database.ts'
import type { ConversationsTable, Tables } from './schema.ts'
import type { Owner } from './storage.ts'

type Database = Kysely<Tables>

/**
 * Matches anonymous sessions. Written so that the index of `user_id` is not used, which has all of them under one key.
 */
export const isAnonymous = sql<boolean>`coalesce(user_id, '') = ''`

export async function lockUsers(db: Database, ids: readonly UserId[]): Promise<void> {
  if (ids.length === 0) return
  await db.selectFrom('users').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute()
}

/** Locks the visitors' sessions, live or merged, and the users' live ones. */
async function lockSessions(
  db: Database,
  visitors: readonly VisitorId[],
  users: readonly UserId[],
): Promise<void> {
  await db
    .selectFrom('sessions')
    .select('id')
    .where((where) =>
      where.or([
        ...(users.length === 0
          ? []
          : [where.and([where('user_id', 'in', users), where('revoked_at', 'is', null)])]),
        ...(visitors.length === 0 ? [] : [where.and([isAnonymous, where('visitor_id', 'in', visitors)])]),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
}

/**
 * Keeps these owners from signing in, and others from beginning a conversation for them. Throws `Conflict` if one of
 * them signed in while the locks were taken.
 */
export async function lockOwners(db: Database, owners: readonly Owner[]): Promise<void> {
  if (owners.length === 0) return
  const visitors = owners.flatMap((owner) => (owner.kind === 'visitor' ? [owner.id] : []))
  const users = owners.flatMap((owner) => (owner.kind === 'user' ? [owner.id] : []))
  const merged = await findMerged(db, visitors)
  const all = [...new Set([...users, ...merged.values()])]
  await lockUsers(db, all)
  await lockSessions(db, visitors, all)
  if ((await findMerged(db, visitors)).size !== merged.size) throw new Conflict()
}

/** In the order of ids. Missing ones are omitted. */
export function lockConversations(
  db: Database,
  ids: readonly ConversationId[],
  locksRows: boolean,
): Promise<readonly ConversationsTable[]> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id')
    .$if(locksRows, (query) => query.forUpdate())
    .execute()
}

/** The user that each visitor was merged into. */
export async function findMerged(
  db: Database,
  visitors: readonly VisitorId[],
): Promise<ReadonlyMap<VisitorId, UserId>> {
  if (visitors.length === 0) return new Map()
  const rows = await db
    .selectFrom('sessions')
    .select(['visitor_id', 'merged_into'])
    .where('visitor_id', 'in', visitors)
    .where(isAnonymous)
    .execute()
  return new Map(
    rows.flatMap((row) => (row.merged_into === null ? [] : [[row.visitor_id, row.merged_into] as const])),
  )
}
