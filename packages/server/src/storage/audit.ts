/** The audit table: rows are added in the transaction of what they tell of, and read by pages. */
import type { AgentId, AppId } from '@chat-widget/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'
import type {
  AuditActor,
  AuditDetails,
  AuditEntry,
  AuditedAgent,
  AuditQuery,
  AuditRecord,
  AuditStorage,
} from './audit-storage.ts'
import { decodeTimeCursor, encodeTimeCursor } from './cursor.ts'
import type { SqlDatabase } from './database.ts'
import { newOrderedId } from './records.ts'
import type { AuditTable, Tables } from './schema.ts'

/** The app of rows about the whole server. */
const NO_APP = '' as AppId

/** Adds a row in the transaction of the change. */
export async function addAudit(db: Transaction<Tables>, entry: AuditEntry): Promise<void> {
  const { kind, by, about, app, at, details } = entry
  await db
    .insertInto('audit')
    .values({
      ...{ id: newOrderedId(), at, app: app ?? NO_APP, kind, details: JSON.stringify(details) },
      ...{ actor_kind: by.kind, actor_id: by.kind === 'agent' ? by.id : null, subject: about },
    })
    .execute()
}

export function createAudit(database: SqlDatabase): AuditStorage {
  return {
    add: (entry) => database.write((db) => addAudit(db, entry)),
    list: (query) =>
      database.read(async (db) => {
        const rows = await select(db, query).execute()
        const entries = rows.slice(0, query.limit)
        const last = rows.length > query.limit ? entries.at(-1) : undefined
        return {
          entries: entries.map(toRecord),
          cursor: last === undefined ? null : encodeTimeCursor(last),
        }
      }),
  }
}

function select(db: Kysely<Tables>, { only, since, cursor, limit }: AuditQuery) {
  let query = db
    .selectFrom('audit')
    .leftJoin('agents as actors', 'actors.id', 'audit.actor_id')
    .leftJoin('agents as subjects', 'subjects.id', 'audit.subject')
    .selectAll('audit')
    .select([
      ...(['actors.id as by_id', 'actors.name as by_name', 'actors.email as by_email'] as const),
      ...([
        'subjects.id as about_id',
        'subjects.name as about_name',
        'subjects.email as about_email',
      ] as const),
    ])
    // The index `audit_log` has this condition, in these words.
    .where(sql<boolean>`audit.actor_kind <> 'visitor'`)
    .orderBy('audit.at', 'desc')
    .orderBy('audit.id', 'desc')
    .limit(limit + 1)
  if (since !== undefined) query = query.where('audit.at', '>=', since)
  if (cursor !== undefined) {
    const { at, id } = decodeTimeCursor(cursor)
    query = query.where(sql<boolean>`(audit.at, audit.id) < (${at}, ${id})`)
  }
  if (only !== undefined)
    query = query.where((eb) =>
      eb.or([
        eb('audit.app', 'in', only.apps.length === 0 ? [NO_APP_OF_ANY] : [...only.apps]),
        eb.and([eb('audit.app', '=', NO_APP), eb('audit.subject', 'in', ['', ...only.agents])]),
      ]),
    )
  return query
}

/** An id that no app has. */
const NO_APP_OF_ANY = '-' as AppId

interface Row extends AuditTable {
  readonly by_id: AgentId | null
  readonly by_name: string | null
  readonly by_email: string | null
  readonly about_id: AgentId | null
  readonly about_name: string | null
  readonly about_email: string | null
}

function toRecord(row: Row): AuditRecord {
  const details = JSON.parse(row.details) as AuditDetails
  return {
    ...{ id: row.id, at: row.at, kind: row.kind, about: row.subject, details },
    app: row.app === NO_APP ? null : row.app,
    by: toActor(row),
    byAgent: toAgent(row.by_id, row.by_name, row.by_email),
    aboutAgent: toAgent(row.about_id, row.about_name, row.about_email),
  }
}

const toActor = ({ actor_kind: kind, actor_id: id }: Row): AuditActor => {
  if (kind === 'agent') return id === null ? { kind: 'server' } : { kind, id }
  return { kind }
}

const toAgent = (id: AgentId | null, name: string | null, email: string | null): AuditedAgent | null =>
  id === null ? null : { id, name: name ?? '', email: email === '' ? null : email }
