/** Authenticators in the database. Changes of a person's devices lock that person's row, so they run in turn. */
import type { DeviceId, DevicePublicKey } from '@chat-widget/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'
import { isMuted, unmute } from './authentication-mutes.ts'
import type { SignedAnswer } from './authentication-request-storage.ts'
import type { AuthenticatorDevicesTable } from './authentication-schema.ts'
import type { AuthenticatorStorage, DeviceRecord, NewDevice } from './authenticator-storage.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'

/** The same key always gives the same text, which is compared. */
const keyText = ({ kty, crv, x, y }: DevicePublicKey): string => JSON.stringify({ kty, crv, x, y })

export function createAuthenticatorStorage(database: SqlDatabase): AuthenticatorStorage {
  /** Locks the person and resolves with the identifier, or with `null` for a device that may no longer act. */
  async function actor(db: Transaction<Tables>, by: DeviceId): Promise<string | null> {
    const known = await findRow(db, by)
    if (known === undefined) return null
    await lockPerson(db, known.identifier)
    // Read again under the lock: it may have been removed while this waited.
    return (await findRow(db, by))?.removed_at === null ? known.identifier : null
  }

  const lockPerson = (db: Transaction<Tables>, identifier: string) =>
    db
      .selectFrom('authenticator_people')
      .select('identifier')
      .where('identifier', '=', identifier)
      .$if(database.locksRows, (query) => query.forUpdate())
      .executeTakeFirst()

  /** Runs a change for a device that may act, within one transaction. */
  const acting = (
    by: DeviceId,
    work: (db: Transaction<Tables>, identifier: string) => Promise<boolean>,
  ): Promise<boolean> =>
    database.write(async (db) => {
      const identifier = await actor(db, by)
      return identifier !== null && work(db, identifier)
    })

  return {
    enroll: ({ identifier, device, recoveryHashes, at }) =>
      database.write(async (db) => {
        if ((await findRow(db, device.id)) !== undefined) return null
        const person = await db
          .insertInto('authenticator_people')
          .values({ identifier, created_at: at })
          .onConflict((conflict) => conflict.column('identifier').doNothing())
          .returning('identifier')
          .executeTakeFirst()
        if (person === undefined) return null
        const added = await insertDevice(db, identifier, device, at)
        await insertRecovery(db, identifier, device.id, recoveryHashes, at)
        return added
      }),
    addDevice: ({ code, device, mostDevices, at }) =>
      database.write(async (db) => {
        const known = await db
          .selectFrom('authenticator_codes')
          .select('identifier')
          .where('code_hash', '=', code.hash)
          .where('kind', '=', code.kind)
          .executeTakeFirst()
        if (known === undefined || (code.kind === 'recovery' && code.identifier !== known.identifier))
          return { kind: 'unknown-code' }
        const { identifier } = known
        await lockPerson(db, identifier)
        const devices = await liveDevices(db, identifier)
        const same = devices.find(({ public_key }) => public_key === keyText(device.publicKey))
        // Added before, and the answer was lost.
        if (same !== undefined) return { kind: 'added', device: toDevice(same) }
        const unused = await usableCode(db, code.hash, at)
        if (unused === undefined) return { kind: 'unknown-code' }
        if (devices.length >= mostDevices) return { kind: 'too-many' }
        await db
          .updateTable('authenticator_codes')
          .set({ used_at: at })
          .where('code_hash', '=', code.hash)
          .execute()
        return { kind: 'added', device: await insertDevice(db, identifier, device, at) }
      }),
    findDevice: (id) =>
      database.read(async (db) => {
        const row = await findRow(db, id)
        return row === undefined ? null : toDevice(row)
      }),
    devicesOf: (identifier) =>
      database.read(async (db) => (await liveDevices(db, identifier)).map((row) => toDevice(row))),
    markSeen: (id, at) =>
      database.write(async (db) => {
        await db.updateTable('authenticator_devices').set({ seen_at: at }).where('id', '=', id).execute()
      }),
    removeDevice: (by, id, at) =>
      acting(by, async (db, identifier) => {
        const removed = await db
          .updateTable('authenticator_devices')
          .set({ removed_at: at })
          .where('id', '=', id)
          .where('identifier', '=', identifier)
          .where('removed_at', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (removed === undefined) return false
        await db
          .deleteFrom('authenticator_codes')
          .where('made_by', '=', id)
          .where('kind', '=', 'invitation')
          .where('used_at', 'is', null)
          .execute()
        return true
      }),
    rotateKey: (by, from, to) =>
      acting(by, async (db) => {
        const rotated = await db
          .updateTable('authenticator_devices')
          .set({ public_key: keyText(to) })
          .where('id', '=', by)
          .where('public_key', '=', keyText(from))
          .returning('id')
          .executeTakeFirst()
        return rotated !== undefined
      }),
    invite: (by, hash, expiresAt, at) =>
      acting(by, async (db, identifier) => {
        const row = { code_hash: hash, identifier, made_by: by, created_at: at, used_at: null }
        await db
          .insertInto('authenticator_codes')
          .values({ ...row, kind: 'invitation', expires_at: expiresAt })
          .execute()
        return true
      }),
    renewRecovery: (by, hashes, at) =>
      acting(by, async (db, identifier) => {
        await db
          .deleteFrom('authenticator_codes')
          .where('identifier', '=', identifier)
          .where('kind', '=', 'recovery')
          .execute()
        await insertRecovery(db, identifier, by, hashes, at)
        return true
      }),
    recoveryCodesLeft: (identifier) =>
      database.read(async (db) => {
        const { left } = await db
          .selectFrom('authenticator_codes')
          .select((eb) => eb.fn.countAll<number>().as('left'))
          .where('identifier', '=', identifier)
          .where('kind', '=', 'recovery')
          .where('used_at', 'is', null)
          .executeTakeFirstOrThrow()
        return Number(left)
      }),
    connect: (by, app, at) =>
      acting(by, async (db, identifier) => {
        await db
          .insertInto('authenticator_connections')
          .values({ identifier, app, connected_at: at })
          .onConflict((conflict) => conflict.columns(['identifier', 'app']).doNothing())
          .execute()
        return true
      }),
    disconnect: (by, app) =>
      acting(by, async (db, identifier) => {
        await db
          .deleteFrom('authenticator_connections')
          .where('identifier', '=', identifier)
          .where('app', '=', app)
          .execute()
        return true
      }),
    connectionsOf: (identifier) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('authenticator_connections')
          .selectAll()
          .where('identifier', '=', identifier)
          .orderBy('app')
          .execute()
        const mutes = await db
          .selectFrom('authentication_mutes')
          .select('app')
          .where('addressee_kind', '=', 'identifier')
          .where('addressee', '=', identifier)
          .execute()
        const muted = new Set(mutes.map(({ app }) => app))
        return rows.map(({ app, connected_at }) => ({
          app,
          connectedAt: connected_at,
          isMuted: muted.has(app),
        }))
      }),
    isReachable: (identifier, app, creator) =>
      database.read(async (db) => {
        if (await isMuted(db, app, { kind: 'identifier', identifier }, creator)) return false
        const row = await db
          .selectFrom('authenticator_connections')
          .select('connected_at')
          .where('identifier', '=', identifier)
          .where('app', '=', app)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('authenticator_devices')
                .select('id')
                .where('authenticator_devices.identifier', '=', identifier)
                .where('removed_at', 'is', null),
            ),
          )
          .executeTakeFirst()
        return row !== undefined
      }),
    unmute: (by, app) =>
      acting(by, async (db, identifier) => {
        await unmute(db, app, { kind: 'identifier', identifier })
        return true
      }),
  }
}

const findRow = (db: Kysely<Tables>, id: DeviceId) =>
  db.selectFrom('authenticator_devices').selectAll().where('id', '=', id).executeTakeFirst()

const liveDevices = (db: Kysely<Tables>, identifier: string) =>
  db
    .selectFrom('authenticator_devices')
    .selectAll()
    .where('identifier', '=', identifier)
    .where('removed_at', 'is', null)
    .orderBy('added_at')
    .orderBy('id')
    .execute()

/** Reads under the lock of its person, so the answer stays true. */
const usableCode = (db: Transaction<Tables>, hash: string, at: number) =>
  db
    .selectFrom('authenticator_codes')
    .select('code_hash')
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
    .executeTakeFirst()

async function insertDevice(
  db: Transaction<Tables>,
  identifier: string,
  { id, name, publicKey }: NewDevice,
  at: number,
): Promise<DeviceRecord> {
  const row = await db
    .insertInto('authenticator_devices')
    .values({
      ...{ id, identifier, name, public_key: keyText(publicKey) },
      ...{ added_at: at, seen_at: at, removed_at: null },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toDevice(row)
}

async function insertRecovery(
  db: Transaction<Tables>,
  identifier: string,
  by: DeviceId,
  hashes: readonly string[],
  at: number,
): Promise<void> {
  const row = { identifier, kind: 'recovery', made_by: by, created_at: at } as const
  await db
    .insertInto('authenticator_codes')
    .values(hashes.map((hash) => ({ ...row, code_hash: hash, expires_at: null, used_at: null })))
    .execute()
}

/** True if the device still has the key that signed an answer ([AR13]). */
export const deviceHolds = ({ device, publicKey }: Omit<SignedAnswer, 'answer'>) =>
  sql<boolean>`exists (select 1 from authenticator_devices where authenticator_devices.id = ${device} and public_key = ${keyText(publicKey)} and removed_at is null)`

const toDevice = (row: AuthenticatorDevicesTable): DeviceRecord => ({
  id: row.id,
  identifier: row.identifier,
  name: row.name,
  publicKey: JSON.parse(row.public_key) as DevicePublicKey,
  addedAt: row.added_at,
  seenAt: row.seen_at,
  removedAt: row.removed_at,
})
