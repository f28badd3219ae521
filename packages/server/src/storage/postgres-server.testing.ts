/** A real PostgreSQL for the contract: one server, and databases that are new or emptied again. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startPostgresServer } from '../../../../scripts/postgres-server.mjs'

export interface TestPostgres {
  /** Makes an empty database and resolves with its URL. */
  createDatabase(): Promise<string>
  /** An empty database whose schema is up to date: `migrate` has brought it there, `giveBack` empties it for the next. */
  lendDatabase(
    migrate: (url: string) => Promise<void>,
  ): Promise<{ readonly url: string; giveBack(): Promise<void> }>
  stop(): Promise<void>
}

/** Rejects with what is missing when the machine has no PostgreSQL. */
export async function startPostgres(): Promise<TestPostgres> {
  const { url: server, stop } = await startPostgresServer()
  const spare: string[] = []

  const createDatabase = async () => {
    const name = `chat_${randomUUID().replaceAll('-', '')}`
    await query(server, `create database ${name}`)
    return Object.assign(new URL(server), { pathname: `/${name}` }).href
  }
  return {
    createDatabase,
    async lendDatabase(migrate) {
      const lent = spare.pop()
      const url = lent ?? (await createDatabase())
      if (lent === undefined) await migrate(url)
      return {
        url,
        async giveBack() {
          await query(url, DELETE_ALL)
          spare.push(url)
        },
      }
    },
    stop,
  }
}

/** Without the order that foreign keys would ask for. Truncating costs ten times as much. */
const DELETE_ALL = `
  set session_replication_role = replica;
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
    loop execute format('delete from %I', name); end loop;
  end $$`

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
