/** Signs a visitor in ([ID11]): one way, idempotent, audited, in one transaction. */
import type { AppId, ConversationId, VisitorId } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import { addAudit } from './audit.ts'
import type { SqlDatabase } from './database.ts'
import { addJobs } from './jobs.ts'
import { lockUsers } from './locks.ts'
import { newId, toSession } from './records.ts'
import { lockReleasable, releaseBlocked } from './release-blocked.ts'
import type { SessionsTable, Tables } from './schema.ts'
import type { IdentifyRequest, IdentifyResult, UserRecord } from './storage.ts'
import { userKey } from './user-key.ts'
import { findOrMakeUser, saveClaims } from './users.ts'
import { identifiedWebhooks } from './webhook-jobs.ts'

/** Most conversations named in a receipt, an audit row and the agents' notice, however many a visitor has. */
const MERGED_TOLD = 100

/** The device's previous session, by its effect on the new one. */
type Origin =
  /** No session, or an unknown, an ended or a preserved one: nothing is carried over. */
  | { readonly kind: 'none' }
  /** Another user's session: it ends, and nothing is carried over. */
  | { readonly kind: 'foreign'; readonly session: SessionsTable }
  /** The same user's session: replaced. */
  | { readonly kind: 'own'; readonly session: SessionsTable }
  /** An anonymous session: replaced, and its visitor's conversations become the user's. */
  | { readonly kind: 'anonymous'; readonly session: SessionsTable }
  /** An anonymous session that another tab merged into this same user: nothing moves. */
  | { readonly kind: 'merged'; readonly session: SessionsTable }

export async function identify(database: SqlDatabase, request: IdentifyRequest): Promise<IdentifyResult> {
  return database.write(async (db) => {
    const user = await findOrMakeUser(db, request)
    if (database.locksRows) await lockUsers(db, [user.id])
    const origin = originOf(await findSession(db, request, database.locksRows), user, request.merge)
    if (origin.kind !== 'none') await end(db, origin, user, request.at)
    const visitorId = origin.kind === 'anonymous' ? origin.session.visitor_id : null
    const waiting = await lockReleasable(db, user, visitorId, database.locksRows)
    const merged = origin.kind === 'anonymous' ? await moveConversations(db, origin.session, user) : []
    const mergedConversations = merged.slice(0, MERGED_TOLD)
    const { webhooksOf, at } = request
    const released = await releaseBlocked(db, database, user, waiting, { at, webhooksOf })
    const row = await insertSession(db, request, user, placeOf(origin))
    const claimsChanged = await saveClaims(db, user.id, request.claims)
    await addJobs(db, identifiedWebhooks(webhooksOf?.(user.app) ?? [], user, mergedConversations, at))
    await addAudit(db, {
      ...{ kind: 'identify', by: { kind: 'visitor' }, about: user.id, app: request.app, at: request.at },
      details: {
        user: user.id,
        session: row.id,
        from: origin.kind,
        replaced: origin.kind === 'none' ? null : origin.session.id,
        mergedConversations,
        mergedCount: merged.length,
      },
    })
    return { session: toSession(row, user), mergedConversations, released, claimsChanged }
  })
}

async function findSession(
  db: Transaction<Tables>,
  { sessionId, app }: { readonly sessionId: IdentifyRequest['sessionId']; readonly app: AppId },
  locksRows: boolean,
): Promise<SessionsTable | undefined> {
  if (sessionId === null) return undefined
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', sessionId)
    .where('app', '=', app)
    .$if(locksRows, (query) => query.forUpdate())
    .executeTakeFirst()
}

function originOf(session: SessionsTable | undefined, user: UserRecord, merge: boolean): Origin {
  if (session === undefined) return { kind: 'none' }
  if (session.revoked_at !== null) {
    return merge && session.merged_into === user.id ? { kind: 'merged', session } : { kind: 'none' }
  }
  if (session.user_id === null) return merge ? { kind: 'anonymous', session } : { kind: 'none' }
  return { kind: session.user_id === user.id ? 'own' : 'foreign', session }
}

async function end(
  db: Transaction<Tables>,
  origin: Exclude<Origin, { kind: 'none' }>,
  user: UserRecord,
  at: number,
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ revoked_at: at, ...(origin.kind === 'anonymous' ? { merged_into: user.id } : {}) })
    .where('id', '=', origin.session.id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Resolves with the moved conversations, newest first. */
async function moveConversations(
  db: Transaction<Tables>,
  session: SessionsTable,
  user: UserRecord,
): Promise<readonly ConversationId[]> {
  const rows = await db
    .updateTable('conversations')
    .set({ owner_kind: 'user', owner_id: user.id, user_identifier: userKey(user) })
    .where('owner_kind', '=', 'visitor')
    .where('owner_id', '=', session.visitor_id)
    .where('app', '=', session.app)
    .returning(['id', 'updated_at'])
    .execute()
  return rows.toSorted((one, other) => other.updated_at - one.updated_at).map((row) => row.id)
}

interface Place {
  readonly visitorId: VisitorId
  readonly conversationId: ConversationId
  readonly chosen: SessionsTable['conversation_chosen']
}

function placeOf(origin: Origin): Place {
  switch (origin.kind) {
    case 'none':
    case 'foreign':
      return { visitorId: newId(), conversationId: newId(), chosen: 0 }
    case 'own':
    case 'anonymous':
    case 'merged':
      return {
        visitorId: origin.session.visitor_id,
        conversationId: origin.session.conversation_id,
        chosen: origin.session.conversation_chosen,
      }
    default:
      return origin satisfies never
  }
}

async function insertSession(
  db: Transaction<Tables>,
  request: IdentifyRequest,
  user: UserRecord,
  place: Place,
): Promise<SessionsTable> {
  const row: SessionsTable = {
    id: newId(),
    app: request.app,
    visitor_id: place.visitorId,
    user_id: user.id,
    secret_hash: request.newSecretHash,
    context_expires_at: request.contextExpiresAt,
    conversation_id: place.conversationId,
    conversation_chosen: place.chosen,
    created_at: request.at,
    revoked_at: null,
    merged_into: null,
    seen_at: request.at,
  }
  await db.insertInto('sessions').values(row).execute()
  return row
}
