import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newSecretHash, SHOP, START, stored, visitorText } from './contract-fixture.testing.ts'
import { Conflict, type SqlDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import type { Tables } from './schema.ts'
import { createSqlStorage } from './sql-storage.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import type { Storage } from './storage.ts'

let folder: string
let database: SqlDatabase
let storage: Storage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-database-'))
  database = await openSqliteDatabase({ path: join(folder, 'chat.db'), exclusive: true })
  await migrate(database)
  storage = createSqlStorage(database)
})
afterEach(async () => {
  await storage.close()
  await rm(folder, { recursive: true, force: true })
})

const anonymous = () =>
  storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
const pragma = async (db: Kysely<Tables>, name: string) => {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)
  return Object.values(rows[0] ?? {})[0]
}

describe('the SQLite database', () => {
  it('[DL8] waits for the disk on every commit and checks references', async () => {
    await database.administer(async (db) => {
      expect(await pragma(db, 'journal_mode')).toBe('wal')
      expect(await pragma(db, 'synchronous')).toBe(2)
      expect(await pragma(db, 'foreign_keys')).toBe(1)
      expect(await pragma(db, 'busy_timeout')).toBe(5_000)
    })
  })

  it('[DL9] lets a message wait for one other write at most, however many stand in line', async () => {
    const session = await anonymous()
    const order: string[] = []
    const note = (what: string) => () => order.push(what)
    const others = Array.from({ length: 20 }, () => anonymous().then(note('other')))
    const message = storage.messages.append(visitorText(session, 'Hello')).then(note('message'))
    await Promise.all([...others, message])
    expect(order.indexOf('message')).toBeLessThanOrEqual(2)
    expect(order).toHaveLength(21)
  })

  it('runs a transaction again that met another writer, ten times at most', async () => {
    // The shortest pauses that chance allows.
    vi.spyOn(Math, 'random').mockReturnValue(0)
    let runs = 0
    const conflictUntil = (last: number) =>
      database.write(async () => {
        runs += 1
        if (runs < last) throw new Conflict()
        return runs
      })
    expect(await conflictUntil(10)).toBe(10)
    runs = 0
    await expect(conflictUntil(11)).rejects.toMatchObject({ cause: { name: 'Conflict' } })
    expect(runs).toBe(10)
  })

  it('[DL9] does what was asked for before it closes', async () => {
    const asked = Array.from({ length: 5 }, anonymous)
    const closed = storage.close()
    expect(await Promise.all(asked)).toHaveLength(5)
    await closed
  })

  it('neither stalls the event loop nor the readers while a write takes long', async () => {
    const session = await anonymous()
    await storage.messages.append(visitorText(session, 'Hello'))
    // The write waits inside SQLite, as for a slow disk, until the test releases the file.
    const other = new Database(join(folder, 'chat.db'))
    other.exec('begin immediate')
    let writing = true
    const write = storage.messages.append(visitorText(session, 'and on')).finally(() => {
      writing = false
    })
    for (let reads = 0; reads < 10; reads += 1) {
      expect((await storage.conversations.current(session))?.headSeq).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(writing).toBe(true)
    other.exec('rollback')
    other.close()
    expect(stored(await write).message.seq).toBe(2)
  })

  it('[DL8] rejects the whole group when its commit fails, stores none of it, and goes on', async () => {
    const lost = database.write(async (db) => {
      await sql`pragma defer_foreign_keys = on`.execute(db)
      for (const id of [randomUUID(), randomUUID()]) {
        await sql`insert into login_cards (message_id, conversation_id, seq, blocked) values (${id}, 'c', 1, '{}')`.execute(
          db,
        )
      }
    })
    await expect(lost).rejects.toMatchObject({ code: 'internal', cause: { code: /CONSTRAINT/ } })
    const { rows } = await database.read((db) => sql`select * from login_cards`.execute(db))
    expect(rows).toEqual([])
    stored(await storage.messages.append(visitorText(await anonymous(), 'Hello')))
  })

  it('[DL8] says unavailable when the disk is full, stores none of it, and goes on when there is room', async () => {
    const session = await anonymous()
    stored(await storage.messages.append(visitorText(session, 'before')))
    await database.administer(async (db) => {
      await sql`pragma max_page_count = ${sql.lit(Number(await pragma(db, 'page_count')))}`.execute(db)
    })
    const long = 'x'.repeat(8_000)
    const asked = Array.from({ length: 50 }, () => storage.messages.append(visitorText(session, long)))
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', cause: { code: 'SQLITE_FULL' } },
      })
    }
    const { conversationId } = session
    expect(await storage.messages.list({ conversationId, after: 0, limit: 100 })).toHaveLength(1)
    await database.administer(async (db) => {
      await sql`pragma max_page_count = 1000000`.execute(db)
    })
    expect(stored(await storage.messages.append(visitorText(session, long))).message.seq).toBe(2)
  })

  it('finds everything on the way of a message by an index', async () => {
    const plans = await database.read(async (db) => {
      const statements = [
        sql`select * from messages where (conversation_id, client_id) in (values ('a', 'b'), ('c', 'd'))`,
        sql`select * from messages where (conversation_id, seq) in (values ('a', 1), ('c', 2))`,
        sql`select * from messages where conversation_id = 'a' and seq > 3 order by seq limit 9`,
        sql`select * from conversations where app = 'a' and (updated_at, id) < (1, 'x') order by updated_at desc, id desc`,
        sql`select * from conversations where app = 'a' and status = 'open' and (updated_at, id) < (1, 'x') order by updated_at desc, id desc`,
        sql`select id from jobs where lane in ('bot a') and failed_at is null`,
        sql`select id from jobs where kind = 'bot-delivery' and failed_at is null and due_at <= 1 order by due_at limit 9`,
        sql`select * from conversations where (updated_at, id) < (1, 'x') order by updated_at desc, id desc`,
        sql`select * from conversations where owner_id = 'a' and status = 'open' order by updated_at desc, id desc`,
        sql`select * from sessions where visitor_id in ('a', 'b') and user_id is null`,
        sql`update login_cards set taken_at = 1 where conversation_id in ('a') and taken_at is null`,
      ]
      const explained = statements.map((statement) =>
        sql<{ detail: string }>`explain query plan ${statement}`.execute(db),
      )
      return (await Promise.all(explained)).map(({ rows }) => rows.map(({ detail }) => detail).join('; '))
    })
    expect(plans.filter((plan) => plan.includes('conversations_app_status_newest'))).toHaveLength(1)
    for (const plan of plans) {
      expect(plan).toMatch(/USING (COVERING )?INDEX/)
      expect(plan).not.toMatch(/SCAN (messages|sessions|login_cards)|USE TEMP B-TREE FOR ORDER BY/)
    }
  })

  it('[DL9] has a bound on the calls that wait for the database; beyond it they are to be tried again', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const underWay = Array.from({ length: 10_000 }, () => database.read(() => held))
    for (const call of [database.read(async () => 'read'), database.write(async () => 'written')])
      await expect(call).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 })
    release()
    await Promise.all(underWay)
    expect(await database.read(async () => 'read')).toBe('read')
  })
})
