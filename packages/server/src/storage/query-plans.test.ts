/** SQLite's query plans for large tables: by an index that leads to few rows, never by a full scan. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConversationId, SessionId, VisitorId } from '@chat-widget/protocol'
import { CompiledQuery, type Kysely, type KyselyPlugin, sql } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newConversationId, SHOP, START, visitorText } from './contract-fixture.testing.ts'
import type { SqlDatabase } from './database.ts'
import { freshDatabase } from './fresh-database.testing.ts'
import type { Tables } from './schema.ts'
import { createSqlStorage } from './sql-storage.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import type { Owner, SessionRecord, Storage } from './storage.ts'
import type { Purgeable } from './upkeep-storage.ts'

const ROWS = 5_000

let folder: string
let database: SqlDatabase
let storage: Storage
let explaining: Database.Database
const asked: CompiledQuery[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-plans-'))
  await freshDatabase(folder)
  database = recording(await openSqliteDatabase({ path: join(folder, 'chat.db'), exclusive: true }))
  storage = createSqlStorage(database)
  // As at the server's start, with an empty database.
  await storage.upkeep.refreshStatistics()
  await fill()
  // The reader has loaded the schema: new statistics have to reach it all the same.
  await storage.conversations.find('c1' as ConversationId)
  await storage.upkeep.refreshStatistics()
  explaining = new Database(join(folder, 'chat.db'))
})
afterAll(async () => {
  explaining.close()
  await storage.close()
  await rm(folder, { recursive: true, force: true })
})

/** One conversation each, of one app, all open and all of the same age; half of the sessions are anonymous. */
async function fill(): Promise<void> {
  const numbers = sql`with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})`
  const rows = [
    sql`insert into users (id, app, user_identifier, created_at) ${numbers}
      select 'u' || n, ${SHOP}, 'user ' || n, ${START} from numbers`,
    sql`insert into sessions (id, app, visitor_id, user_id, secret_hash, conversation_id, conversation_chosen,
      created_at, seen_at, revoked_at, merged_into) ${numbers}
      select 's' || n, ${SHOP}, 'v' || n, iif(n % 2, 'u' || n, null), 'h' || n, 'c' || n, 0, ${START}, ${START},
      iif(n % 10, null, ${START}), iif(n % 10, null, 'u' || n) from numbers`,
    sql`insert into conversations (id, app, owner_kind, owner_id, status, handler, head_seq, visitor_read_seq,
      agent_read_seq, created_at, updated_at) ${numbers}
      select 'c' || n, ${SHOP}, iif(n % 2, 'user', 'visitor'), iif(n % 2, 'u', 'v') || n, 'open', 'agents', 1, 1, 0,
      ${START}, ${START} from numbers`,
    sql`insert into messages (id, conversation_id, seq, client_id, author_kind, kind, text, created_at) ${numbers}
      select 'm' || n, 'c' || n, 1, 'k' || n, 'visitor', 'text', 'Hello', ${START} from numbers`,
    sql`insert into login_cards (message_id, conversation_id, seq, blocked) ${numbers}
      select 'm' || n, 'c' || n, 1, '{"kind":"nothing"}' from numbers`,
    sql`insert into audit (id, at, app, kind, details) ${numbers}
      select 'a' || n, ${START}, ${SHOP}, 'identify', '{}' from numbers`,
    sql`insert into identity_trace (conversation_id, entry_key, source, tab, ordinal, at, from_status, to_status, cause)
      ${numbers} select 'c' || n, 'e' || n, 'server', '', 1, ${START}, 'anonymous', 'identified', '' from numbers`,
  ]
  await database.write(async (db) => {
    for (const insert of rows) await insert.execute(db)
  })
}

/** Records the queries, to explain them. */
function recording(real: SqlDatabase): SqlDatabase {
  const over = <Database extends Kysely<Tables>>(db: Database): Database => {
    const plugin: KyselyPlugin = {
      transformQuery({ node, queryId }) {
        asked.push(db.getExecutor().compileQuery(node, queryId))
        return node
      },
      transformResult: async ({ result }) => result,
    }
    return db.withPlugin(plugin) as Database
  }
  return {
    ...real,
    read: (work) => real.read((db) => work(over(db))),
    write: (work) => real.write((db) => work(over(db))),
    writeAppends: (work) => real.writeAppends((db) => work(over(db))),
  }
}

/**
 * SQLite's plan for the queries of `work`, a step a line. The reader explains with its own statistics; for the writer,
 * another connection does, as an explanation would stay open in its transaction.
 */
async function planOf(work: () => Promise<unknown>, by: 'reader' | 'writer' = 'reader'): Promise<string> {
  asked.splice(0)
  await work()
  const queries = asked.splice(0).filter(({ sql: text }) => !/^\s*insert/.test(text))
  const lines: string[] = []
  for (const { sql: text, parameters } of queries) {
    const question = `explain query plan ${text}`
    const rows =
      by === 'writer'
        ? (explaining.prepare(question).all([...parameters]) as { detail: string }[])
        : (await explainHere(question, parameters)).rows
    lines.push(...rows.map(({ detail }) => detail))
  }
  asked.splice(0)
  return lines.join('\n')
}

const explainHere = (question: string, parameters: readonly unknown[]) =>
  database.read((db) => db.executeQuery<{ detail: string }>(CompiledQuery.raw(question, [...parameters])))

const session = (n: number): SessionRecord => ({
  id: `s${n}` as SessionId,
  app: SHOP,
  visitorId: `v${n}` as VisitorId,
  user: null,
  conversationId: `c${n + 1}` as ConversationId,
  contextExpiresAt: null,
  createdAt: START,
  revokedAt: null,
  seenAt: START,
})
const visitor = (n: number): Owner => ({ kind: 'visitor', id: `v${n}` as VisitorId })
/** Indexes that lead to all rows of an app, or to all open ones. */
const BROAD = /USING (COVERING )?INDEX conversations_(app|status|newest)/

describe("a visitor's own conversations, among many of others", () => {
  it('[DL10] are found by their owner: the current one, and the list', async () => {
    const current = await planOf(() => storage.conversations.current(session(2)))
    expect(current).toContain('USING INDEX conversations_owner (owner_id=?')
    expect(current).not.toMatch(BROAD)
    const own = await planOf(() => storage.conversations.listOwn({ owner: visitor(2), app: SHOP, limit: 20 }))
    expect(own).toContain('USING INDEX conversations_owner (owner_id=?')
    expect(own).not.toMatch(BROAD)
    const open = await planOf(() => storage.conversations.hasOpen(visitor(2), SHOP))
    expect(open).toContain('conversations_owner (owner_id=?')
    expect(open).not.toMatch(BROAD)
  })

  it('[DL10] and their sessions are found by their owners when some begin conversations at once', async () => {
    const plan = await planOf(
      () =>
        Promise.all(
          // One group.
          [2, 4, 6, 8, 12, 14, 16, 18].map((n) => {
            const begun = { ...session(n), conversationId: newConversationId() }
            const as = { app: SHOP, owner: visitor(n), isAskedFor: true }
            return storage.messages.append(visitorText(begun, 'Hello', { as }))
          }),
        ),
      'writer',
    )
    expect(plan).toContain('conversations_owner (owner_id=?')
    expect(plan).not.toMatch(BROAD)
    const lines = plan.split('\n')
    expect(lines.filter((line) => /^SCAN (sessions|conversations|messages)/.test(line))).toEqual([])
    // Anonymous sessions by their visitors: by the user that they do not have, they would all be alike.
    expect(lines.filter((line) => line.includes('sessions_visitor (visitor_id=?)'))).toHaveLength(3)
    // Those that were asked for are searched by user, too.
    expect(lines.filter((line) => line.includes('sessions_user (user_id=?)'))).toHaveLength(1)
  })
})

it('[AG1] the audit is read by an index without the visitors’ sign-ins, however many those are', async () => {
  const only = { apps: [SHOP], agents: [] }
  for (const query of [{ limit: 10 }, { limit: 10, only }, { limit: 10, since: START }]) {
    const plan = await planOf(() => storage.audit.list(query))
    expect(plan).toContain('USING INDEX audit_log')
    expect(plan).not.toContain('TEMP B-TREE')
  }
})

it('[WB4] deliveries of a webhook are counted by an index, by state, up to a number', async () => {
  const { counts } = storage.webhookDeliveries
  const plan = await planOf(() => counts(['key']))
  const ofJobs = plan.split('\n').filter((line) => line.includes(' jobs '))
  expect(new Set(ofJobs)).toEqual(
    new Set(['SEARCH jobs USING INDEX jobs_deliveries (<expr>=? AND <expr>=?)']),
  )
  await database.write((db) =>
    sql`insert into jobs (id, kind, lane, key, payload, ordinal, due_at, attempts, created_at)
      with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 10100)
      select 'j' || n, 'webhook', 'webhook aaaaaaaaaaaaaaaa ' || n, n, '{}', n, ${START}, 0, ${START}
      from numbers`.execute(db),
  )
  // On connections of its own: an explanation holds the reader's snapshot.
  const other = createSqlStorage(
    await openSqliteDatabase({ path: join(folder, 'chat.db'), exclusive: false }),
  )
  try {
    expect(await other.webhookDeliveries.counts(['aaaaaaaaaaaaaaaa'])).toEqual(
      new Map([['aaaaaaaaaaaaaaaa', { waiting: 10_001, failing: 0, givenUp: 0 }]]),
    )
  } finally {
    await other.close()
  }
})

describe('upkeep', () => {
  it.each<[Purgeable, string]>([
    ['sessions that ended', 'sessions_ended (revoked_at<?)'],
    ['sessions that were never used', 'sessions_last_seen (seen_at<?)'],
    ['sessions nobody came back to', 'sessions_last_seen (seen_at<?)'],
    ['users', 'users_oldest (created_at<?)'],
    ['audit', 'audit_oldest (at<?)'],
    ['login cards', 'sqlite_autoindex_login_cards_1'],
    ['action runs', 'action_runs_oldest (created_at<?)'],
    ['identity traces', 'identity_trace_oldest (at<?)'],
    ['identity traces of no conversation', 'identity_trace_oldest (at<?)'],
    ['console sessions', 'agent_sessions_end (expires_at<?)'],
  ])('[DL9] looks for %s from the oldest on, a step at a time', async (what, index) => {
    // No row is that old.
    const looking = () => storage.upkeep.purge(what, START, { limit: 10, after: null })
    const plan = await planOf(looking, 'writer')
    expect(plan).toContain(index)
    const scans = plan.split('\n').filter((line) => line.startsWith('SCAN'))
    // In the order of its key, and no further than the step.
    expect(scans.filter((line) => !line.includes('sqlite_autoindex_login_cards_1'))).toEqual([])
    const sorts = plan.split('\n').filter((line) => /TEMP B-TREE FOR ORDER BY$/.test(line))
    expect(sorts).toEqual([])
  })

  it('[DL9] goes through all users, whose sessions and conversations are found by index, and keeps those', async () => {
    const first = await storage.upkeep.purge('users', START + 1, { limit: 1_000, after: null })
    expect(first.next).not.toBeNull()
    const steps = [first]
    for (let { next } = first; next !== null; ) {
      const step = await storage.upkeep.purge('users', START + 1, { limit: 1_000, after: next })
      steps.push(step)
      next = step.next
    }
    const counts = steps.map(({ deleted }) => deleted)
    // Of the visitors with an even number, a tenth of all was merged into, and the others have nothing.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ROWS / 2 - ROWS / 10)
    expect(steps).toHaveLength(ROWS / 1_000 + 1)
    const plan = await planOf(
      () => storage.upkeep.purge('users', START + 1, { limit: 10, after: null }),
      'writer',
    )
    expect(plan).toContain('sessions_user (user_id=?)')
    expect(plan).toContain('sessions_merged (merged_into=?)')
    expect(plan).toContain('conversations_owner (owner_id=?')
  })
})
