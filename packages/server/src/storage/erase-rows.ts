/** Deletes conversations, or all that stands beside their messages, in the transaction of the caller, who has locked them. */
import type { AppId, ConversationId, FileId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import type { ErasureWork } from './erasure-work.ts'
import type { NewJob } from './job-storage.ts'
import type { ErasedCounts } from './person-storage.ts'
import { newOrderedId } from './records.ts'
import type { Tables } from './schema.ts'

type Database = Kysely<Tables>

/** Keeps the statements far below the databases' limits of parameters. */
const CHUNK = 200

/** Adds up what is deleted, table by table. */
export function createCounts() {
  const counts: { -readonly [Table in keyof ErasedCounts]: number } = {}
  return {
    counts: counts as ErasedCounts,
    async add(table: keyof Tables, deleting: Promise<{ readonly numAffectedRows?: bigint | undefined }>) {
      const { numAffectedRows = 0n } = await deleting
      if (numAffectedRows > 0n) counts[table] = (counts[table] ?? 0) + Number(numAffectedRows)
    },
  }
}

export type Counts = ReturnType<typeof createCounts>

export async function eraseConversations(
  db: Database,
  ids: readonly ConversationId[],
  counts: Counts,
): Promise<void> {
  await eraseBelongings(db, ids, counts)
  for (const some of chunks(ids)) {
    const list = sql.join(some)
    await counts.add('messages', sql`delete from messages where conversation_id in (${list})`.execute(db))
    await counts.add('conversations', sql`delete from conversations where id in (${list})`.execute(db))
  }
}

/** Deletes all of conversations but their messages: work that waits, requests, cards, actions, traces. */
export async function eraseBelongings(
  db: Database,
  ids: readonly ConversationId[],
  { add }: Counts,
): Promise<void> {
  for (const some of chunks(ids)) {
    const list = sql.join(some)
    await eraseJobs(db, some, { add })
    await eraseRequests(db, sql`conversation_id in (${list})`, { add })
    for (const table of ['login_cards', 'action_runs', 'identity_trace'] as const)
      await add(table, sql`delete from ${sql.table(table)} where conversation_id in (${list})`.execute(db))
  }
}

/** Jobs of conversations or users, whose ids are in their lanes. */
export async function eraseJobs(
  db: Database,
  ids: readonly string[],
  { add }: Pick<Counts, 'add'>,
): Promise<void> {
  for (const some of chunks(ids)) {
    const any = sql.join(
      some.map((id) => sql`lane like ${`% ${id}%`}`),
      sql` or `,
    )
    await add('jobs', sql`delete from jobs where ${any}`.execute(db))
  }
}

/** With what is kept of those who were asked, but for those who want no further requests. */
export async function eraseRequests(
  db: Database,
  condition: ReturnType<typeof sql>,
  { add }: Pick<Counts, 'add'>,
): Promise<void> {
  // Locked first, as when a request is made: another order would be a deadlock.
  await add(
    'authentication_addressees',
    sql`delete from authentication_addressees where (app, addressee_kind, addressee) in
      (select app, addressee_kind, addressee from authentication_requests where ${condition})`.execute(db),
  )
  await add(
    'authentication_request_links',
    sql`delete from authentication_request_links where request_id in
      (select id from authentication_requests where ${condition})`.execute(db),
  )
  await add(
    'authentication_requests',
    sql`delete from authentication_requests where ${condition}`.execute(db),
  )
}

/** Resolves with the ids of files whose bytes are to be removed. Gives back their part of the app's quota. */
export async function eraseFiles(
  db: Database,
  app: AppId,
  condition: ReturnType<typeof sql<boolean>>,
  { add }: Pick<Counts, 'add'>,
): Promise<readonly FileId[]> {
  const files = await db
    .deleteFrom('files')
    .where('app', '=', app)
    .where(condition)
    .returning(['id', 'size'])
    .execute()
  const bytes = files.reduce((sum, { size }) => sum + Number(size), 0)
  if (bytes > 0) await sql`update file_totals set bytes = bytes - ${bytes} where app = ${app}`.execute(db)
  await add('files', Promise.resolve({ numAffectedRows: BigInt(files.length) }))
  return files.map(({ id }) => id)
}

export function erasureJob(payload: ErasureWork, createdAt: number): NewJob<'erasure'> {
  const key = newOrderedId()
  return { kind: 'erasure', lane: `erasure ${key}`, key, payload, dueAt: createdAt, createdAt }
}

export function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK)
}
