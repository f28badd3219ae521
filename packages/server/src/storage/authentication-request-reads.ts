/** Reads authentication requests; authentication-requests.ts changes them. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { Kysely } from 'kysely'
import { isMuted } from './authentication-mutes.ts'
import { toRequest, toRequestOrNull } from './authentication-request-row.ts'
import type { AuthenticationRequestStorage } from './authentication-request-storage.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'

type Reads = Pick<
  AuthenticationRequestStorage,
  'find' | 'newestOf' | 'findByLink' | 'pendingFor' | 'isMuted' | 'placeBefore' | 'outcomes'
>

export const byId = (db: Kysely<Tables>, id: AuthenticationRequestId) =>
  db.selectFrom('authentication_requests').selectAll().where('id', '=', id).executeTakeFirst()

export function readingRequests(database: SqlDatabase): Reads {
  return {
    find: (id) => database.read(async (db) => toRequestOrNull(await byId(db, id))),
    newestOf: (conversationIds) =>
      database.read(async (db) => {
        if (conversationIds.length === 0) return new Map()
        const rows = await db
          .selectFrom('authentication_requests')
          .selectAll()
          .where('conversation_id', 'in', conversationIds)
          .orderBy('created_at')
          .execute()
        // Sorted so that the last one of a conversation wins.
        return new Map(
          rows.flatMap((row) =>
            row.conversation_id === null ? [] : [[row.conversation_id, toRequest(row)]],
          ),
        )
      }),
    findByLink: (linkHash) =>
      database.read(async (db) =>
        toRequestOrNull(
          await db
            .selectFrom('authentication_request_links')
            .innerJoin('authentication_requests', 'authentication_requests.id', 'request_id')
            .selectAll('authentication_requests')
            .where('token_hash', '=', linkHash)
            .executeTakeFirst(),
        ),
      ),
    pendingFor: (identifier, at) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('authentication_requests')
          .selectAll()
          .where('addressee_kind', '=', 'identifier')
          .where('addressee', '=', identifier)
          .where('status', '=', 'pending')
          .where('expires_at', '>', at)
          .where('delivery', '=', 'delivered')
          .orderBy('created_at')
          .execute()
        return rows.map(toRequest)
      }),
    isMuted: (app, addressee, creator) => database.read((db) => isMuted(db, app, addressee, creator)),
    placeBefore: (app, at) =>
      database.read(async (db) => {
        // In this order: a request that ends in between is beyond the last place, or is found by its time.
        const places = await db
          .selectFrom('authentication_places')
          .select('last')
          .where('app', '=', app)
          .executeTakeFirst()
        const { first } = await db
          .selectFrom('authentication_requests')
          .select((eb) => eb.fn.min('place').as('first'))
          .where('app', '=', app)
          .where('ended_at', '>=', at)
          .executeTakeFirstOrThrow()
        return first === null ? Number(places?.last ?? 0) : Number(first) - 1
      }),
    outcomes: (app, after, limit) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('authentication_requests')
          .selectAll()
          .where('app', '=', app)
          .where('place', '>', after)
          .orderBy('place')
          .limit(limit)
          .execute()
        return rows.map((row) => ({ place: Number(row.place), request: toRequest(row) }))
      }),
  }
}
