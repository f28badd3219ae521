/** Reads and deletes what is kept of one customer: see `person-storage.ts`. */
import { type ConversationId, foldEmail, type UserId, type VisitorId } from '@chat-widget/protocol'
import { type Kysely, sql } from 'kysely'
import { addAudit } from './audit.ts'
import type { SqlDatabase } from './database.ts'
import { emptyConversations, withAgentsWords } from './empty-conversations.ts'
import {
  createCounts,
  eraseConversations,
  eraseFiles,
  eraseJobs,
  eraseRequests,
  erasureJob,
} from './erase-rows.ts'
import { addJobs } from './jobs.ts'
import { lockConversations, lockOwners } from './locks.ts'
import type { PersonName, PersonRows, PersonStorage } from './person-storage.ts'
import { toOwner } from './records.ts'
import type { Tables } from './schema.ts'
import { userKey } from './user-key.ts'

type Database = Kysely<Tables>

export function createPersons(database: SqlDatabase): PersonStorage {
  return {
    read: (person, by, at) =>
      database.write(async (db) => {
        const user = await findUser(db, person)
        if (user === undefined) return null
        const { app } = person
        await addAudit(db, { kind: 'user-exported', by, about: user.id, app, at, details: {} })
        return readRows(db, person, user)
      }),
    readConversation: (id) =>
      database.read(async (db) => {
        const of = <Table extends 'identity_trace' | 'login_cards' | 'action_runs'>(table: Table) =>
          sql<Tables[Table]>`select * from ${sql.table(table)} where conversation_id = ${id}`.execute(db)
        const [traces, loginCards, actionRuns] = [
          await of('identity_trace'),
          await of('login_cards'),
          await of('action_runs'),
        ]
        const jobs = await db
          .selectFrom('jobs')
          .selectAll()
          .where('lane', 'like', `% ${id}%`)
          .orderBy('ordinal')
          .execute()
        return {
          traces: traces.rows.toSorted((one, other) => one.at - other.at || one.ordinal - other.ordinal),
          ...{ loginCards: loginCards.rows, actionRuns: actionRuns.rows, jobs },
        }
      }),
    erase: (person, { isWhole = false, by, at }) =>
      database.write(async (db) => {
        const counting = createCounts()
        const { add } = counting
        await eraseAsAddressee(db, person, counting)
        const user = await findUser(db, person)
        if (user !== undefined) {
          const { id } = user
          if (database.locksRows) await lockOwners(db, [{ kind: 'user', id }])
          const rows = await readRows(db, person, user)
          const conversations = rows.conversations.map((row) => row.id)
          if (database.locksRows) await lockConversations(db, conversations, true)
          const sessions = rows.sessions.map((row) => row.id)
          const files = await eraseFiles(db, person.app, filesOf(rows), counting)
          const reserved = rows.sessions.map((row) => row.conversation_id)
          const visitors = rows.sessions.map(({ visitor_id }) => visitor_id)
          const kept = new Set(isWhole ? [] : await withAgentsWords(db, conversations))
          const gone = new Set(
            [...conversations, ...(await ofNobodyElse(db, reserved))].filter((one) => !kept.has(one)),
          )
          await eraseConversations(db, [...gone], counting)
          await emptyConversations(db, [...kept], counting)
          await eraseJobs(db, [id, ...visitors], counting)
          await add(
            'sessions',
            sql`delete from sessions where user_id = ${id} or merged_into = ${id}`.execute(db),
          )
          await add('users', sql`delete from users where id = ${id}`.execute(db))
          await addJobs(db, [
            erasureJob({ app: person.app, sessions, conversations: [...kept], files, isPerson: true }, at),
          ])
        }
        const { counts } = counting
        const about = user?.id ?? null
        if (user === undefined && Object.keys(counts).length === 0) return { userId: null, counts }
        await addAudit(db, { kind: 'user-erased', by, about, app: person.app, at, details: { ...counts } })
        return { userId: about, counts }
      }),
    purgeConversations: (app, before, limit) =>
      database.write(async (db) => {
        const old = await db
          .selectFrom('conversations')
          .select('id')
          .where('app', '=', app)
          .where('updated_at', '<', before)
          .orderBy('updated_at')
          .limit(limit)
          .execute()
        if (old.length === 0) return 0
        // Locked, and looked at again: somebody may have written meanwhile.
        const locked = await lockConversations(
          db,
          old.map(({ id }) => id),
          database.locksRows,
        )
        const expired = locked.flatMap((row) =>
          row.updated_at < before ? [{ id: row.id, owner: toOwner(row) }] : [],
        )
        if (expired.length === 0) return 0
        const ids = expired.map(({ id }) => id)
        const counting = createCounts()
        const files = await eraseFiles(db, app, sql<boolean>`conversation_id in (${sql.join(ids)})`, counting)
        await eraseConversations(db, ids, counting)
        const work = { app, sessions: [], expired, files, isPerson: false }
        await addJobs(db, [erasureJob(work, Date.now())])
        return ids.length
      }),
    scrub: () => database.scrub(),
  }
}

const findUser = (db: Database, person: PersonName) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('app', '=', person.app)
    .where('user_identifier', '=', userKey(person))
    .executeTakeFirst()

async function readRows(db: Database, person: PersonName, user: Tables['users']): Promise<PersonRows> {
  const { app } = person
  const sessions = await db
    .selectFrom('sessions')
    .selectAll()
    .where((row) => row.or([row('user_id', '=', user.id), row('merged_into', '=', user.id)]))
    .orderBy('created_at')
    .execute()
  const conversations = await db
    .selectFrom('conversations')
    .selectAll()
    .where('owner_kind', '=', 'user')
    .where('owner_id', '=', user.id)
    .orderBy('id')
    .execute()
  const rows = { user, sessions, conversations }
  const files = await db
    .selectFrom('files')
    .selectAll()
    .where('app', '=', app)
    .where(filesOf(rows))
    .orderBy('id')
    .execute()
  const requests = await db
    .selectFrom('authentication_requests')
    .selectAll()
    .where('app', '=', app)
    .where(requestsOf(person, user.id))
    .orderBy('created_at')
    .execute()
  const audit = await db
    .selectFrom('audit')
    .selectAll()
    .where('subject', '=', user.id)
    .orderBy('at')
    .execute()
  return { ...rows, files, requests, audit }
}

/** Sent or announced by the user, by the visitors who became the user, or by anybody in the user's conversations. */
function filesOf({ user, sessions }: Pick<PersonRows, 'user' | 'sessions'>) {
  const visitors = sessions.filter((row) => row.merged_into === user.id).map((row) => row.visitor_id)
  const byVisitor =
    visitors.length === 0
      ? sql`1 = 0`
      : sql`uploader_kind = 'visitor' and uploader_id in (${sql.join([...new Set<VisitorId>(visitors)])})`
  return sql<boolean>`(uploader_kind = 'user' and uploader_id = ${user.id} or ${byVisitor}
    or conversation_id in (select id from conversations where owner_kind = 'user' and owner_id = ${user.id}))`
}

/** Asked in the user's conversations, or, of a person who signs in by mail or identifier, to them. */
function requestsOf(person: PersonName, userId: UserId) {
  const { method } = person
  const inChat = sql<boolean>`conversation_id in
    (select id from conversations where owner_kind = 'user' and owner_id = ${userId}
      union select conversation_id from sessions where user_id = ${userId} or merged_into = ${userId})`
  return method === 'host'
    ? inChat
    : sql<boolean>`(${inChat} or addressee_kind = ${method} and addressee = ${addresseeOf(person)})`
}

const addresseeOf = ({ method, userIdentifier }: PersonName) =>
  method === 'email' ? foldEmail(userIdentifier) : userIdentifier

/** Of ids reserved by the user's sessions, those of conversations that have no other owner, e.g. have no message yet. */
async function ofNobodyElse(
  db: Database,
  ids: readonly ConversationId[],
): Promise<readonly ConversationId[]> {
  if (ids.length === 0) return []
  const taken = await db.selectFrom('conversations').select('id').where('id', 'in', ids).execute()
  const others = new Set(taken.map(({ id }) => id))
  return ids.filter((id) => !others.has(id))
}

/** Rows by which a person who signs in by mail or identifier is asked. */
async function eraseAsAddressee(
  db: Database,
  person: PersonName,
  counting: ReturnType<typeof createCounts>,
): Promise<void> {
  const { app, method } = person
  if (method === 'host') return
  const condition = sql`app = ${app} and addressee_kind = ${method} and addressee = ${addresseeOf(person)}`
  await counting.add(
    'authentication_addressees',
    sql`delete from authentication_addressees where ${condition}`.execute(db),
  )
  await eraseRequests(db, condition, counting)
  if (method === 'identifier')
    await counting.add(
      'authenticator_connections',
      sql`delete from authenticator_connections where app = ${app} and identifier = ${person.userIdentifier}`.execute(
        db,
      ),
    )
}
