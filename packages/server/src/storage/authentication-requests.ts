/** Authentication requests in the database: each ends once, and outcomes have places in the order of commits. */
import type { AppId, Asked, AuthenticationRequestId } from '@chat-widget/protocol'
import { sql, type Transaction } from 'kysely'
import { keyOf, mute } from './authentication-mutes.ts'
import { byId, readingRequests } from './authentication-request-reads.ts'
import { toRequest, toRequestOrNull } from './authentication-request-row.ts'
import type {
  AuthenticationRequestStorage,
  MadeRequest,
  NewRequest,
  RequestEnd,
  StoredRequest,
} from './authentication-request-storage.ts'
import type { AuthenticationRequestsTable } from './authentication-schema.ts'
import { deviceHolds } from './authenticators.ts'
import type { SqlDatabase } from './database.ts'
import { requestJobs } from './job-storage.ts'
import { addJobs } from './jobs.ts'
import type { Tables } from './schema.ts'

export function createAuthenticationRequestStorage(database: SqlDatabase): AuthenticationRequestStorage {
  return {
    ...readingRequests(database),
    create: (request) =>
      database.write(async (db) => {
        const existing = await byId(db, request.id)
        if (existing !== undefined) return { kind: 'exists', request: toRequest(existing) }
        const { app, addressee } = request
        await holdAddressee(db, request)
        const retryAfterMs = request.mustWait(await madeSince(db, app, addressee, request.countSince))
        if (retryAfterMs > 0) return { kind: 'limited', retryAfterMs }
        const replaced = await replaceLive(db, request)
        const row = await db
          .insertInto('authentication_requests')
          .values({
            id: request.id,
            ...keyOf(app, addressee),
            address: addressee.kind === 'email' ? addressee.email : null,
            is_scan: addressee.kind === 'scan' ? 1 : 0,
            status: 'pending',
            claims: JSON.stringify(request.claims),
            binding: request.binding,
            creator: request.creator,
            creator_secret_hash: request.creatorSecretHash,
            created_at: request.createdAt,
            expires_at: request.expiresAt,
            decided_at: null,
            subject: null,
            response: null,
            answer: null,
            consumed_at: null,
            delivery: 'owed',
            wrong_codes: 0,
            is_locked: 0,
            is_replaced: 0,
            place: null,
            conversation_id: request.conversationId,
            claimed_by: null,
            ended_at: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        await insertLink(db, request.id, request.linkHash, request.createdAt)
        await addJobs(db, requestJobs(request.id, request))
        return { kind: 'created', request: toRequest(row), replaced }
      }),
    give: (id, identifier, at) =>
      database.write(async (db) => {
        const before = await byId(db, id)
        if (before === undefined) return null
        const { app, creator } = before
        const whom = { app, creator, addressee: { kind: 'identifier', identifier }, createdAt: at } as const
        await holdAddressee(db, whom)
        const isFree = live(db, id, at).where('addressee_kind', '=', 'scan')
        if ((await isFree.set({ delivery: 'delivered' }).returning('id').executeTakeFirst()) === undefined)
          return null
        const replaced = await replaceLive(db, whom)
        const given = await db
          .updateTable('authentication_requests')
          .set(keyOf(app, whom.addressee))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        return { request: toRequest(given), replaced }
      }),
    end: (id, end, at) => database.write((db) => endLive(db, id, end, at)),
    denyAndMute: (id, end, at) =>
      database.write(async (db) => {
        const row = await byId(db, id)
        if (row === undefined) return null
        await mute(db, row, at, end.signed && deviceHolds(end.signed))
        return endLive(db, id, end, at)
      }),
    countWrongCode: (id, allowed, at) =>
      database.write(async (db) => {
        const row = await live(db, id, at)
          .set((eb) => ({ wrong_codes: eb('wrong_codes', '+', 1) }))
          .returningAll()
          .executeTakeFirst()
        if (row === undefined || row.wrong_codes < allowed) return toRequestOrNull(row)
        const locked = await live(db, id, at)
          .set({ status: 'canceled', is_locked: 1 })
          .returningAll()
          .executeTakeFirstOrThrow()
        return placed(db, locked, at)
      }),
    claim: (id, at, claimant) =>
      database.write(async (db) => {
        const row = await db
          .updateTable('authentication_requests')
          .set({ consumed_at: at, claimed_by: claimant ?? null })
          .where('id', '=', id)
          .where('status', '=', 'approved')
          .where('consumed_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (row !== undefined || claimant === undefined) return toRequestOrNull(row)
        const before = await byId(db, id)
        return before?.claimed_by === claimant ? toRequest(before) : null
      }),
    expire: (id, at) => database.write((db) => expireOne(db, id, at)),
    addLink: (id, linkHash, at) => database.write((db) => insertLink(db, id, linkHash, at)),
    setDelivery: (id, delivery) =>
      database.write(async (db) => {
        await db.updateTable('authentication_requests').set({ delivery }).where('id', '=', id).execute()
      }),
  }
}

type Place = Pick<NewRequest, 'app' | 'addressee' | 'createdAt'>

/** Locks the addressee's row: servers wait here, instead of failing on the index of live requests and starting over. */
async function holdAddressee(db: Transaction<Tables>, { app, addressee, createdAt }: Place): Promise<void> {
  await db
    .insertInto('authentication_addressees')
    .values({ ...keyOf(app, addressee), asked_at: createdAt })
    .onConflict((conflict) =>
      conflict.columns(['app', 'addressee_kind', 'addressee']).doUpdateSet({ asked_at: createdAt }),
    )
    .execute()
}

/** The condition of every compare-and-set: only a pending request, before its end time, can be ended. */
const live = (db: Transaction<Tables>, id: AuthenticationRequestId, at: number) =>
  db
    .updateTable('authentication_requests')
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)

async function endLive(
  db: Transaction<Tables>,
  id: AuthenticationRequestId,
  end: RequestEnd,
  at: number,
): Promise<StoredRequest | null> {
  const decision =
    'subject' in end
      ? {
          subject: end.subject,
          response: end.response,
          decided_at: at,
          answer: end.signed?.answer ?? null,
        }
      : {}
  const signed = 'subject' in end ? end.signed : undefined
  let update = live(db, id, at).set({ status: end.status, ...decision })
  // [AR13] Within the condition: a device removed while its answer is checked decides nothing.
  if (signed !== undefined) update = update.where(deviceHolds(signed))
  const row = await update.returningAll().executeTakeFirst()
  return row === undefined ? null : placed(db, row, at)
}

async function expireOne(
  db: Transaction<Tables>,
  id: AuthenticationRequestId,
  at: number,
): Promise<StoredRequest | null> {
  const row = await db
    .updateTable('authentication_requests')
    .set({
      status: sql`case when creator = 'key' and delivery = 'owed' then 'errored' else 'expired' end`,
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('expires_at', '<=', at)
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : placed(db, row, at)
}

/**
 * Locks the app's counter until the commit, so the next place is given only when this one can be read or never will be:
 * a reader that has seen a place has missed none below it. A sequence would number them in another order.
 */
async function placed(
  db: Transaction<Tables>,
  row: AuthenticationRequestsTable,
  at: number,
): Promise<StoredRequest> {
  const { last } = await db
    .insertInto('authentication_places')
    .values({ app: row.app, last: 1 })
    .onConflict((conflict) =>
      conflict.column('app').doUpdateSet({ last: sql`authentication_places.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  const ended = await db
    .updateTable('authentication_requests')
    .set({ place: last, ended_at: at })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toRequest(ended)
}

async function replaceLive(
  db: Transaction<Tables>,
  { app, addressee, creator, createdAt }: Place & Pick<NewRequest, 'creator'>,
): Promise<StoredRequest | null> {
  const key = keyOf(app, addressee)
  const row = await db
    .updateTable('authentication_requests')
    .set({ status: 'canceled', is_replaced: 1 })
    .where('app', '=', key.app)
    .where('addressee_kind', '=', key.addressee_kind)
    .where('addressee', '=', key.addressee)
    .where('creator', '=', creator)
    .where('status', '=', 'pending')
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : placed(db, row, createdAt)
}

async function madeSince(
  db: Transaction<Tables>,
  app: AppId,
  addressee: Asked,
  since: number,
): Promise<readonly MadeRequest[]> {
  const key = keyOf(app, addressee)
  const rows = await db
    .selectFrom('authentication_requests')
    .select(['created_at', 'creator'])
    .where('app', '=', key.app)
    .where('addressee_kind', '=', key.addressee_kind)
    .where('addressee', '=', key.addressee)
    .where('created_at', '>', since)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(({ created_at, creator }) => ({ at: created_at, creator }))
}

async function insertLink(
  db: Transaction<Tables>,
  id: AuthenticationRequestId,
  linkHash: string,
  at: number,
): Promise<void> {
  await db
    .insertInto('authentication_request_links')
    .values({ token_hash: linkHash, request_id: id, created_at: at })
    .execute()
}
