/** Files, by queries for both databases. */
import type { AgentId, AppId, ConversationId, FileId, UserId, VisitorId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import type { SqlDatabase } from './database.ts'
import type { FileQuota, FileRecord, FileStorage, Uploader } from './file-storage.ts'
import { findMerged } from './locks.ts'
import type { FilesTable, Tables } from './schema.ts'

type Database = Kysely<Tables>

/** A file message whose content was not deleted. */
const isSent = sql<boolean>`exists (select 1 from messages where messages.id = files.message_id and messages.kind = 'file')`

export function createFiles(database: SqlDatabase): FileStorage {
  return {
    begin: ({ id, app, uploader, name, size, ticketHash, ticketExpiresAt, at }, quota) =>
      database.write(async (db) => {
        // First: its lock makes others of the app wait, so that the counts below hold.
        if (!(await takeOfApp(db, app, size, quota.totalBytes))) return 'full'
        if (await isUsedUp(db, uploader, size, quota)) {
          await giveBack(db, app, size)
          return 'too-many'
        }
        await db
          .insertInto('files')
          .values({
            id,
            app,
            ...fromUploader(uploader),
            message_id: null,
            state: 'uploading',
            name,
            media_type: null,
            size,
            width: null,
            height: null,
            ticket_hash: ticketHash,
            ticket_expires_at: ticketExpiresAt,
            is_staged: 1,
            created_at: at,
          })
          .execute()
        return 'begun'
      }),
    find: (id) =>
      database.read(async (db) => {
        const row = await db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()
        return row === undefined ? null : toFile(row)
      }),
    findOwn: (id, uploader) =>
      database.read(async (db) => {
        const row = await db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()
        return row !== undefined && (await isOf(db, row, uploader)) ? toFile(row) : null
      }),
    findSent: (id) =>
      database.read(async (db) => {
        const row = await db
          .selectFrom('files')
          .innerJoin('messages', 'messages.id', 'files.message_id')
          .selectAll('files')
          .select('messages.conversation_id as sent_in')
          .where('files.id', '=', id)
          .where('messages.kind', '=', 'file')
          .executeTakeFirst()
        return row === undefined ? null : { file: toFile(row), conversationId: row.sent_in }
      }),
    setTicket: (id, ticket_hash, ticket_expires_at) =>
      database.write(async (db) => {
        await db.updateTable('files').set({ ticket_hash, ticket_expires_at }).where('id', '=', id).execute()
      }),
    settle: (id, facts) =>
      database.write(async (db) => {
        const [before] = await db
          .selectFrom('files')
          .select(['app', 'size'])
          .where('id', '=', id)
          .where('state', '=', 'uploading')
          .execute()
        if (before === undefined) return
        const size = facts === 'refused' ? 0 : facts.size
        const set =
          facts === 'refused'
            ? ({ state: 'refused', size } as const)
            : ({
                state: 'stored',
                name: facts.name,
                media_type: facts.mediaType,
                size,
                width: facts.width ?? null,
                height: facts.height ?? null,
              } as const)
        const result = await db
          .updateTable('files')
          .set(set)
          .where('id', '=', id)
          .where('state', '=', 'uploading')
          .executeTakeFirst()
        if (result.numUpdatedRows > 0n) await giveBack(db, before.app, before.size - size)
      }),
    uploadRemoved: (id) =>
      database.write(async (db) => {
        await db.updateTable('files').set({ is_staged: 0 }).where('id', '=', id).execute()
      }),
    walk: ({ after, limit, unsentBefore, stagedBefore }) =>
      database.read(async (db) => {
        let query = db
          .selectFrom('files')
          .select(['id', 'is_staged', 'state', 'created_at'])
          .select(
            sql<0 | 1>`case when message_id is null and created_at < ${unsentBefore}
              or message_id is not null and not ${isSent} then 1 else 0 end`.as('is_over'),
          )
        if (after !== null) query = query.where('id', '>', after)
        const rows = await query.orderBy('id').limit(limit).execute()
        const over = rows.filter((row) => row.is_over === 1)
        const staged = rows.filter(
          (row) =>
            row.is_over === 0 &&
            row.is_staged === 1 &&
            row.state !== 'uploading' &&
            row.created_at < stagedBefore,
        )
        const ids = (of: readonly { readonly id: FileId }[]) => of.map(({ id }) => id)
        return {
          over: ids(over),
          staged: ids(staged),
          next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
        }
      }),
    remove: (id) =>
      database.write(async (db) => {
        const row = await db
          .deleteFrom('files')
          .where('id', '=', id)
          .returning(['app', 'size'])
          .executeTakeFirst()
        if (row !== undefined) await giveBack(db, row.app, row.size)
      }),
    ofConversation: (id) =>
      database.read(async (db) => {
        const rows = await db.selectFrom('files').select('id').where('conversation_id', '=', id).execute()
        return rows.map((row) => row.id)
      }),
  }
}

async function isOf(db: Database, row: FilesTable, uploader: Uploader): Promise<boolean> {
  const { uploader_kind, uploader_id, conversation_id } = fromUploader(uploader)
  const isSame = row.uploader_kind === uploader_kind && row.uploader_id === uploader_id
  if (isSame) return conversation_id === null || conversation_id === row.conversation_id
  if (uploader.kind !== 'user' || row.uploader_kind !== 'visitor') return false
  const merged = await findMerged(db, [row.uploader_id as VisitorId])
  return merged.get(row.uploader_id as VisitorId) === uploader.id
}

async function takeOfApp(db: Database, app: AppId, size: number, most: number): Promise<boolean> {
  await db
    .insertInto('file_totals')
    .values({ app, bytes: 0 })
    .onConflict((conflict) => conflict.column('app').doNothing())
    .execute()
  const result = await db
    .updateTable('file_totals')
    .set({ bytes: sql<number>`bytes + ${size}` })
    .where('app', '=', app)
    .where(sql<number>`bytes + ${size}`, '<=', most)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

async function giveBack(db: Database, app: AppId, size: number): Promise<void> {
  if (size === 0) return
  await db
    .updateTable('file_totals')
    .set({ bytes: sql<number>`bytes - ${size}` })
    .where('app', '=', app)
    .execute()
}

async function isUsedUp(
  db: Database,
  uploader: Uploader,
  size: number,
  { ofUploader }: FileQuota,
): Promise<boolean> {
  if (ofUploader === null) return false
  const { uploader_kind, uploader_id } = fromUploader(uploader)
  const { files, bytes } = await db
    .selectFrom('files')
    .select((select) => [
      select.fn.countAll<number>().as('files'),
      select.fn.coalesce(select.fn.sum<number>('size'), sql<number>`0`).as('bytes'),
    ])
    .where('uploader_id', '=', uploader_id)
    .where('uploader_kind', '=', uploader_kind)
    .where('created_at', '>=', ofUploader.since)
    .executeTakeFirstOrThrow()
  return Number(files) + 1 > ofUploader.files || Number(bytes) + size > ofUploader.bytes
}

function fromUploader(
  uploader: Uploader,
): Pick<FilesTable, 'uploader_kind' | 'uploader_id' | 'conversation_id'> {
  switch (uploader.kind) {
    case 'visitor':
    case 'user':
      return { uploader_kind: uploader.kind, uploader_id: uploader.id, conversation_id: null }
    case 'agent':
      return { uploader_kind: 'agent', uploader_id: uploader.id, conversation_id: uploader.conversationId }
    case 'app':
      return { uploader_kind: 'app', uploader_id: '', conversation_id: uploader.conversationId }
    default:
      return uploader satisfies never
  }
}

function toUploader({ uploader_kind: kind, uploader_id: id, conversation_id }: FilesTable): Uploader {
  const conversationId = conversation_id as ConversationId
  switch (kind) {
    case 'visitor':
      return { kind, id: id as VisitorId }
    case 'user':
      return { kind, id: id as UserId }
    case 'agent':
      return { kind, id: id as AgentId, conversationId }
    case 'app':
      return { kind, conversationId }
    default:
      return kind satisfies never
  }
}

function toFile(row: FilesTable): FileRecord {
  const { name, size, media_type: mediaType, width, height } = row
  return {
    id: row.id,
    app: row.app,
    uploader: toUploader(row),
    state: row.state,
    name,
    size: Number(size),
    facts:
      row.state !== 'stored' || mediaType === null
        ? null
        : {
            name,
            mediaType,
            size: Number(size),
            ...(width !== null && { width }),
            ...(height !== null && { height }),
          },
    ticketHash: row.ticket_hash,
    ticketExpiresAt: row.ticket_expires_at,
    createdAt: row.created_at,
  }
}
