/** Unusable databases: the error is one line that names the place and the cause, without secrets. */
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownProblem } from './database-problem.ts'
import { migrate, missingMigrations } from './migrations.ts'
import { openStorage } from './open-storage.ts'
import { startPostgres, type TestPostgres } from './postgres-server.testing.ts'
import { openSqliteDatabase } from './sqlite-database.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-open-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = async (options: Parameters<typeof openStorage>[0]) => {
  const error = await openStorage(options).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ code: 'unavailable' })
  return (error as Error).message
}
function overwrite(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}
const newFolder = () => mkdtempSync(join(folder, 'data-'))

it('[OP17] a database of an earlier release is brought up to date by a server, which says so, and by no command', async () => {
  const dataDir = newFolder()
  const path = join(dataDir, 'chat.db')
  const old = await openSqliteDatabase({ path, exclusive: true })
  await migrate(old, '0033-rate-limits')
  const missing = ['0034-agent-access', '0035-webhook-deliveries']
  expect(await missingMigrations(old)).toEqual(missing)
  // The old server still runs.
  expect(await refusal({ dataDir, exclusive: false })).toBe(
    `${path}: an earlier release made it; start the server of this one first, which brings it up to date`,
  )
  expect(await missingMigrations(old)).toEqual(missing)
  await old.close()

  const updates: (readonly string[])[] = []
  const onUpdate = (migrations: readonly string[]) => void updates.push(migrations)
  for (let starts = 0; starts < 2; starts += 1) await (await openStorage({ dataDir, onUpdate })).close()
  await (await openStorage({ dataDir, exclusive: false })).close()
  await (await openStorage({ dataDir: newFolder(), onUpdate })).close()
  expect(updates).toEqual([missing])
})

it('a new database is its own user’s alone, also in a folder that others may look into', async () => {
  const dataDir = newFolder()
  chmodSync(dataDir, 0o755)
  const storage = await openStorage({ dataDir })
  const files = readdirSync(dataDir).filter((name) => /^chat\.db(-wal|-shm)?$/.test(name))
  expect(files).toHaveLength(3)
  expect(files.map((name) => statSync(join(dataDir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  await storage.close()
})

describe('[OP1] a file', () => {
  it('that is no database is named', async () => {
    const dataDir = newFolder()
    writeFileSync(join(dataDir, 'chat.db'), 'not a database '.repeat(1_000))
    expect(await refusal({ dataDir })).toBe(`${join(dataDir, 'chat.db')}: it is not an SQLite database`)
  })

  it('that is damaged is named', async () => {
    const dataDir = newFolder()
    await (await openStorage({ dataDir })).close()
    const path = join(dataDir, 'chat.db')
    const database = new Database(path)
    const { page_size: size } = database.prepare('pragma page_size').get([]) as { page_size: number }
    const { rootpage } = database
      .prepare(`select rootpage from sqlite_schema where name = 'kysely_migration'`)
      .get([]) as { rootpage: number }
    database.exec('pragma journal_mode = delete')
    database.close()
    overwrite(path, (rootpage - 1) * size, Buffer.alloc(size, 0xff))
    expect(await refusal({ dataDir })).toBe(`${path}: the file is damaged; restore a backup`)
  })

  it('in a folder that takes no files is named', async () => {
    // A path that even root cannot write to, as the tests may run as root.
    expect(await refusal({ dataDir: '/proc/self' })).toBe('/proc/self/chat.db: it cannot be opened or made')
  })

  it('of a newer release is not touched', async () => {
    const dataDir = newFolder()
    await (await openStorage({ dataDir })).close()
    const path = join(dataDir, 'chat.db')
    const database = new Database(path)
    database.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`)
    database.close()
    expect(await refusal({ dataDir })).toBe(
      `${path}: a newer release has changed it (9999-later); start that one, or a later one`,
    )
  })
})

describe('[OP1] PostgreSQL', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const as = (
    url: string,
    changes: { username?: string; password?: string; pathname?: string; port?: string },
  ) => Object.assign(new URL(url), changes).href
  /** The address as the message names it: without user, password and query. */
  const place = (url: string) => `postgres://${new URL(url).host}${new URL(url).pathname}`

  it('without such a database is named, without user and password', async () => {
    const url = as(await server.createDatabase(), { pathname: '/nowhere' })
    expect(await refusal({ databaseUrl: url, dataDir: folder })).toBe(
      `${place(url)}: there is no such database`,
    )
  })

  it('that refuses the password is named', async () => {
    const url = as(await server.createDatabase(), { password: 'hunter2' })
    expect(await refusal({ databaseUrl: url, dataDir: folder })).toBe(
      `${place(url)}: the user name or password is refused`,
    )
  })

  it('whose role may not make tables is named', async () => {
    const url = await server.createDatabase()
    await query(url, `create role reader login password 'reader'; revoke create on schema public from public`)
    const databaseUrl = as(url, { username: 'reader', password: 'reader' })
    expect(await refusal({ databaseUrl, dataDir: folder })).toBe(
      `${place(url)}: the role is not permitted: permission denied for schema public`,
    )
  })

  it('that is read-only is named', async () => {
    const url = await server.createDatabase()
    await query(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
    )
    expect(await refusal({ databaseUrl: url, dataDir: folder })).toBe(`${place(url)}: it is read-only`)
  })

  it('that has become read-only does not answer a ping', async () => {
    const url = new URL(await server.createDatabase())
    await (await openStorage({ databaseUrl: url.href, dataDir: folder })).close()
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    const storage = await openStorage({ databaseUrl: url.href, dataDir: folder })
    const error = await storage.ping().catch((refusal: unknown) => refusal)
    await storage.close()
    expect([error, knownProblem(error)]).toMatchObject([{ code: 'unavailable' }, 'it is read-only'])
  })

  it('of a newer release is not touched', async () => {
    const url = await server.createDatabase()
    await (await openStorage({ databaseUrl: url, dataDir: folder })).close()
    await query(url, `insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`)
    expect(await refusal({ databaseUrl: url, dataDir: folder })).toContain('a newer release has changed it')
  })

  it('that is not there is named', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => gone.once('listening', resolve))
    const address = gone.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    await new Promise((resolve) => gone.close(resolve))
    const url = `postgres://user:hunter2@127.0.0.1:${port}/chat`
    expect(await refusal({ databaseUrl: url, dataDir: folder })).toBe(`${place(url)}: nothing listens there`)
  })
})

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}
