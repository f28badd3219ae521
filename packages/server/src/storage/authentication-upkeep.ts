/** Mutes, forgetting and retention of authentication requests in the database. */
import { createHash } from 'node:crypto'
import type { Addressee, AppId } from '@chat-widget/protocol'
import type { Transaction } from 'kysely'
import { addAudit } from './audit.ts'
import { keyOf, unmute } from './authentication-mutes.ts'
import { toRequest } from './authentication-request-row.ts'
import type { AuthenticationMutesTable } from './authentication-schema.ts'
import type { AuthenticationUpkeepStorage, MutedAddressee } from './authentication-upkeep-storage.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'

export function createAuthenticationUpkeepStorage(database: SqlDatabase): AuthenticationUpkeepStorage {
  return {
    muted: ({ app, before, limit }) =>
      database.read(async (db) => {
        const mutedOf = db.selectFrom('authentication_mutes').selectAll().where('app', '=', app)
        const earlier = before === null ? mutedOf : mutedOf.where('muted_at', '<', before)
        const page = await earlier.orderBy('muted_at', 'desc').limit(limit).execute()
        const last = page.at(-1)?.muted_at ?? null
        if (page.length < limit || last === null) return { muted: page.map(toMuted), next: null }
        // The next page begins at a time, as no address may be in a URL; so a page contains all rows of its last time.
        const whole = page.filter(({ muted_at }) => muted_at !== last)
        const sameTime = await mutedOf.where('muted_at', '=', last).execute()
        return { muted: [...whole, ...sameTime].map(toMuted), next: last }
      }),
    unmute: (app, addressee, at) =>
      database.write(async (db) => {
        if (!(await unmute(db, app, addressee))) return false
        await addAudit(db, { ...BY_KEY, kind: 'unmute', app, at, details: { addressee: hashOf(addressee) } })
        return true
      }),
    forget: (app, addressee, at) =>
      database.write(async (db) => {
        const key = keyOf(app, addressee)
        // Locked first, as when a request is made: another order would be a deadlock.
        await db
          .deleteFrom('authentication_addressees')
          .where('app', '=', key.app)
          .where('addressee_kind', '=', key.addressee_kind)
          .where('addressee', '=', key.addressee)
          .execute()
        const live = await db
          .updateTable('authentication_requests')
          .set({ status: 'canceled', ended_at: at })
          .where('app', '=', key.app)
          .where('addressee_kind', '=', key.addressee_kind)
          .where('addressee', '=', key.addressee)
          .where('status', '=', 'pending')
          .returningAll()
          .execute()
        const rows = await db
          .selectFrom('authentication_requests')
          .select('id')
          .where('app', '=', key.app)
          .where('addressee_kind', '=', key.addressee_kind)
          .where('addressee', '=', key.addressee)
          .where('ended_at', 'is not', null)
          .execute()
        const deleted = await deleteRequests(
          db,
          rows.map(({ id }) => id),
        )
        await addAudit(db, {
          ...BY_KEY,
          kind: 'forget',
          app,
          at,
          details: { deleted, canceled: live.length },
        })
        return { deleted, canceled: live.map(toRequest) }
      }),
    apps: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom('authentication_places').select('app').orderBy('app').execute()
        return rows.map(({ app }) => app)
      }),
    purgeEnded: (app, endedBy, limit) =>
      database.write(async (db) => {
        const rows = await db
          .selectFrom('authentication_requests')
          .select('id')
          .where('app', '=', app)
          .where('ended_at', '<=', endedBy)
          .orderBy('ended_at')
          .limit(limit)
          .execute()
        return deleteRequests(
          db,
          rows.map(({ id }) => id),
        )
      }),
    purgeAddressees: (askedBy, limit) =>
      database.write(async (db) => {
        const old = db
          .selectFrom('authentication_addressees')
          .select(['app', 'addressee_kind', 'addressee'])
          .where('asked_at', '<=', askedBy)
          .orderBy('asked_at')
          .limit(limit)
        // With the conditions again: another server may have asked one of them meanwhile.
        const deleted = await db
          .deleteFrom('authentication_addressees')
          .where('asked_at', '<=', askedBy)
          .where((eb) =>
            eb(
              eb.refTuple('app', 'addressee_kind', 'addressee'),
              'in',
              old.$asTuple('app', 'addressee_kind', 'addressee'),
            ),
          )
          .returning('app')
          .execute()
        return deleted.length
      }),
    countPending: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('authentication_requests')
          .select(['app', (eb) => eb.fn.countAll<number>().as('count')])
          .where('status', '=', 'pending')
          .groupBy('app')
          .execute()
        return new Map(rows.map(({ app, count }) => [app, Number(count)]))
      }),
  }
}

async function deleteRequests(
  db: Transaction<Tables>,
  ids: readonly Tables['authentication_requests']['id'][],
): Promise<number> {
  if (ids.length === 0) return 0
  await db.deleteFrom('authentication_request_links').where('request_id', 'in', ids).execute()
  const deleted = await db
    .deleteFrom('authentication_requests')
    .where('id', 'in', ids)
    .returning('id')
    .execute()
  return deleted.length
}

/** Over REST; of an addressee no id is kept. */
const BY_KEY = { by: { kind: 'key' }, about: null } as const

/** A hash: the muted address can be looked up, but not read. */
const hashOf = (addressee: Addressee): string =>
  createHash('sha256')
    .update(keyOf('' as AppId, addressee).addressee)
    .digest('hex')

function toMuted({
  addressee_kind: kind,
  addressee,
  creator,
  muted_at: mutedAt,
}: AuthenticationMutesTable): MutedAddressee {
  const whom: Addressee =
    kind === 'email' ? { kind, email: addressee } : { kind: 'identifier', identifier: addressee }
  return { addressee: whom, creator, mutedAt }
}
