import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { createSqliteThread, type SqliteThread, SqliteThreadError } from './sqlite-thread.ts'

let folder: string
let thread: SqliteThread

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-thread-'))
  thread = createSqliteThread({ path: join(folder, 'test.db'), readOnly: false, busyTimeoutMs: 100 })
})
afterEach(async () => {
  await thread.close()
  await rm(folder, { recursive: true, force: true })
})

it('rejects what is pending when the thread ends, and starts a new one for the next call', async () => {
  const session = await thread.session()
  const answered = session.query('select 1 as one', [])
  const ending = session.abandon()
  const pending = session.query('select 2 as two', [])
  await expect(pending).rejects.toBeInstanceOf(SqliteThreadError)
  expect((await answered).rows).toEqual([{ one: 1 }])
  await ending
  await expect(session.query('select 3', [])).rejects.toBeInstanceOf(SqliteThreadError)
  const next = await thread.session()
  expect((await next.query('select 4 as four', [])).rows).toEqual([{ four: 4 }])
})

it('[DL8] starts again on its own file only, and makes no new one', async () => {
  const session = await thread.session()
  await session.query('create table things (id integer primary key)', [])
  await rename(join(folder, 'test.db'), join(folder, 'away.db'))
  await session.abandon()
  await expect(thread.session()).rejects.toMatchObject({ cause: { code: 'CHAT_FILE_REPLACED' } })
  expect(await readdir(folder)).not.toContain('test.db')
  await rename(join(folder, 'away.db'), join(folder, 'test.db'))
  expect((await (await thread.session()).query('select * from things', [])).rows).toEqual([])
})

it('[DL8] never goes on with a transaction whose thread has ended', async () => {
  const db = new Kysely<{ things: { id: number } }>({ dialect: createSqliteDialect(thread, 'writer') })
  await sql`create table things (id integer primary key)`.execute(db)
  const broken = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('things').values({ id: 1 }).execute()
    await (await thread.session()).abandon()
    await transaction.insertInto('things').values({ id: 2 }).execute()
  })
  await expect(broken).rejects.toBeInstanceOf(SqliteThreadError)
  await db.insertInto('things').values({ id: 3 }).execute()
  expect(await db.selectFrom('things').selectAll().execute()).toEqual([{ id: 3 }])
})

it('[DL8] runs nothing of a transaction after a statement that fails, though the rest was sent with it', async () => {
  const session = await thread.session()
  await session.query('create table things (id integer primary key)', [])
  session.begin()
  const sent = await Promise.allSettled([
    session.query('insert into things values (1)', []),
    session.query('insert into things values (1)', []),
    session.query('insert into things values (2)', []),
    session.commit(),
  ])
  expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
  await expect(session.query('select 1', [])).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  await session.rollback()
  expect((await session.query('select * from things', [])).rows).toEqual([])
})

it('[DL8] runs nothing of a transaction that cannot begin', async () => {
  const session = await thread.session()
  await session.query('create table things (id integer primary key)', [])
  const other = createSqliteThread({ path: join(folder, 'test.db'), readOnly: false, busyTimeoutMs: 100 })
  const holding = await other.session()
  holding.begin()
  await holding.query('insert into things values (1)', [])
  session.begin()
  const sent = await Promise.allSettled([
    session.query('insert into things values (2)', []),
    session.commit(),
  ])
  expect(sent).toMatchObject([{ reason: { code: 'SQLITE_BUSY' } }, { reason: { code: 'SQLITE_BUSY' } }])
  await holding.commit()
  await session.rollback()
  expect((await session.query('select * from things', [])).rows).toEqual([{ id: 1 }])
  await other.close()
})

it('lets transactions take turns in the order they were asked for', async () => {
  const db = new Kysely<{ things: { id: number } }>({ dialect: createSqliteDialect(thread, 'writer') })
  await sql`create table things (id integer primary key)`.execute(db)
  const order: number[] = []
  const asked = [1, 2, 3, 4].map((id) =>
    db.transaction().execute(async (transaction) => {
      order.push(id)
      await transaction.insertInto('things').values({ id }).execute()
      if (id === 2) throw new Error('taken back')
      order.push(id)
    }),
  )
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(order).toEqual([1, 1, 2, 3, 3, 4, 4])
  expect(await db.selectFrom('things').selectAll().execute()).toEqual([{ id: 1 }, { id: 3 }, { id: 4 }])
})

it('rejects when the file is no database, and each time again', async () => {
  const path = join(folder, 'text.db')
  await writeFile(path, 'this is not a database, but long enough to be looked at'.repeat(50))
  const other = createSqliteThread({ path, readOnly: false, busyTimeoutMs: 100 })
  await expect(other.session()).rejects.toBeInstanceOf(SqliteThreadError)
  await expect(other.session()).rejects.toBeInstanceOf(SqliteThreadError)
  await other.close()
})
