/** PostgreSQL's pool for kysely: statements have a time limit, even if the database has stopped answering. */
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'
import { DatabaseSilentError } from './database-problem.ts'

/**
 * Checks and limits of a connection. A database that acknowledges before its log is on disk would break the guarantee
 * of storage.ts. Its time limits end statements and locks that nobody waits for any more.
 */
const SETTINGS = `select
  set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on'
    else current_setting('synchronous_commit') end, false),
  set_config('statement_timeout', $1, false),
  set_config('idle_in_transaction_session_timeout', $2, false)`

export function createTimedPool(pool: pg.Pool, statementTimeoutMs: number): PostgresPool {
  const known = new WeakMap<pg.PoolClient, TimedClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const before = known.get(client)
      if (before !== undefined) return before
      const timed = new TimedClient(client, statementTimeoutMs)
      try {
        await timed.query(SETTINGS, [String(statementTimeoutMs), String(2 * statementTimeoutMs)])
      } catch (error) {
        timed.release()
        throw error
      }
      known.set(client, timed)
      return timed
    },
    end: () => pool.end(),
  }
}

class TimedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #timeoutMs: number
  #cut = false

  constructor(client: pg.PoolClient, timeoutMs: number) {
    this.#client = client
    this.#timeoutMs = timeoutMs
  }

  // The type's other overload, a cursor, is not used.
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  query(cursor: never): never
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<Row>> {
    let timer: NodeJS.Timeout | undefined
    const silent = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#cutOff()
        reject(new DatabaseSilentError(this.#timeoutMs))
      }, this.#timeoutMs)
    })
    try {
      const answer = this.#client.query(sql, [...parameters]) as Promise<unknown>
      return (await Promise.race([answer, silent])) as PostgresQueryResult<Row>
    } finally {
      clearTimeout(timer)
    }
  }

  release(): void {
    if (!this.#cut) this.#client.release()
  }

  /**
   * Drops the connection: its transaction may be open, and its last statement may still run, so nobody else may get it.
   */
  #cutOff(): void {
    if (this.#cut) return
    this.#cut = true
    this.#client.release(true)
  }
}
