/** Mutes in the database: addressees that want no requests of an app, by kind of caller ([AR7]). */
import { type Addressee, type AppId, type Asked, foldEmail } from '@chat-widget/protocol'
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { StoredRequest } from './authentication-request-storage.ts'
import type { AuthenticationMutesTable } from './authentication-schema.ts'
import type { Tables } from './schema.ts'

export function keyOf(app: AppId, asked: Asked) {
  switch (asked.kind) {
    case 'email':
      return { app, addressee_kind: asked.kind, addressee: foldEmail(asked.email) }
    case 'identifier':
      return { app, addressee_kind: asked.kind, addressee: asked.identifier }
    case 'scan':
      return { app, addressee_kind: asked.kind, addressee: asked.requestId as string }
    default:
      return asked satisfies never
  }
}

/** Only if `condition` holds, where one is given. */
export async function mute(
  db: Transaction<Tables>,
  row: Omit<AuthenticationMutesTable, 'muted_at'>,
  at: number,
  condition: RawBuilder<SqlBool> = sql`1 = 1`,
): Promise<void> {
  const { app, addressee_kind, addressee, creator } = row
  await db
    .insertInto('authentication_mutes')
    .columns(['app', 'addressee_kind', 'addressee', 'creator', 'muted_at'])
    .expression(
      db
        .selectNoFrom(({ val }) => [
          val(app).as('app'),
          val(addressee_kind).as('addressee_kind'),
          val(addressee).as('addressee'),
          val(creator).as('creator'),
          sql<number>`cast(${at} as bigint)`.as('muted_at'),
        ])
        .where(condition),
    )
    .onConflict((conflict) =>
      conflict.columns(['app', 'addressee_kind', 'addressee', 'creator']).doUpdateSet({ muted_at: at }),
    )
    .execute()
}

export async function isMuted(
  db: Kysely<Tables>,
  app: AppId,
  addressee: Addressee,
  creator: StoredRequest['creator'],
): Promise<boolean> {
  const key = keyOf(app, addressee)
  const row = await db
    .selectFrom('authentication_mutes')
    .select('muted_at')
    .where('app', '=', key.app)
    .where('addressee_kind', '=', key.addressee_kind)
    .where('addressee', '=', key.addressee)
    .where('creator', '=', creator)
    .executeTakeFirst()
  return row !== undefined
}

/** Removes the mutes of every kind of caller. Resolves with true if there was one. */
export async function unmute(db: Transaction<Tables>, app: AppId, addressee: Addressee): Promise<boolean> {
  const key = keyOf(app, addressee)
  const unmuted = await db
    .deleteFrom('authentication_mutes')
    .where('app', '=', key.app)
    .where('addressee_kind', '=', key.addressee_kind)
    .where('addressee', '=', key.addressee)
    .returning('app')
    .execute()
  return unmuted.length > 0
}
