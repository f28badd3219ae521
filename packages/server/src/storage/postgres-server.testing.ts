/** A real PostgreSQL for the contract: one server, databases that are new or emptied. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startPostgresServer } from '../../../../scripts/postgres-server.mjs'

export interface TestPostgres {
  /** Makes an empty database and resolves with its URL. */
  createDatabase(): Promise<string>
  /** Deletes all rows of a database, also while it is in use. */
  empty(url: string): Promise<void>
  stop(): Promise<void>
}

/** Rejects with the name of the missing program if the machine has no PostgreSQL. */
export async function startPostgres(): Promise<TestPostgres> {
  const { url, stop } = await startPostgresServer()
  /** By the address of what they empty: a connection costs ten times as much as the deleting. */
  const emptying = new Map<string, pg.Client>()
  return {
    async createDatabase() {
      const name = `chat_${randomUUID().replaceAll('-', '')}`
      await query(url, `create database ${name}`)
      return Object.assign(new URL(url), { pathname: `/${name}` }).href
    },
    async empty(database) {
      let client = emptying.get(database)
      if (client === undefined) {
        client = new pg.Client({ connectionString: database })
        emptying.set(database, client)
        await client.connect()
        await client.query('set session_replication_role = replica')
      }
      await client.query(DELETE_ALL)
    },
    async stop() {
      for (const client of emptying.values()) await client.end()
      await stop()
    },
  }
}

/** Deletes in any order, without the foreign keys' checks. Truncating costs ten times as much. */
const DELETE_ALL = `
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
