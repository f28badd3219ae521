/** A real PostgreSQL for the contract: one server, an empty database for each test. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startPostgresServer } from '../../../../scripts/postgres-server.mjs'

export interface TestPostgres {
  /** Makes an empty database and resolves with its URL. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Rejects with what is missing when the machine has no PostgreSQL. */
export async function startPostgres(): Promise<TestPostgres> {
  const { url, stop } = await startPostgresServer()
  return {
    async createDatabase() {
      const name = `chat_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        await client.query(`create database ${name}`)
      } finally {
        await client.end()
      }
      return Object.assign(new URL(url), { pathname: `/${name}` }).href
    },
    stop,
  }
}
