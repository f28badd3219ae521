/** Kysely's SQLite dialect, with a driver that runs SQL in a worker thread. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteSession, SqliteThread } from './sqlite-thread.ts'

/**
 * `writer`: one user of the connection at a time, in order of their requests. `reader`: single statements, no
 * transactions.
 */
export type SqliteRole = 'writer' | 'reader'

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** SQLite can: a crash in the middle of a migration leaves the old schema, and two processes take turns. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly session: SqliteSession

  constructor(session: SqliteSession) {
    this.session = session
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.session.query(query.sql, query.parameters)
    const result: QueryResult<Row> = { rows: rows as Row[] }
    return changes === null ? result : { ...result, numAffectedRows: BigInt(changes) }
  }

  // biome-ignore lint/correctness/useYield: streaming is not offered, and says so when tried
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not offered over SQLite')
  }
}

class SqliteThreadDriver implements Driver {
  readonly #thread: SqliteThread
  readonly #role: SqliteRole
  /** Resolves when the last one in line has released the writer. */
  #tail: Promise<void> = Promise.resolve()
  readonly #releases = new WeakMap<DatabaseConnection, () => void>()

  constructor(thread: SqliteThread, role: SqliteRole) {
    this.#thread = thread
    this.#role = role
  }

  async init(): Promise<void> {
    await this.#thread.session()
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#role === 'reader') return new SqliteConnection(await this.#thread.session())
    const before = this.#tail
    let release = () => {}
    this.#tail = new Promise((resolve) => {
      release = resolve
    })
    await before
    try {
      const connection = new SqliteConnection(await this.#thread.session())
      this.#releases.set(connection, release)
      return connection
    } catch (error) {
      release()
      throw error
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#releases.get(connection)?.()
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    if (this.#role === 'reader') throw new Error('the reader has no transactions')
    connection.session.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.session.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.session.rollback()
  }

  async destroy(): Promise<void> {
    await this.#tail
    await this.#thread.close()
  }
}

export function createSqliteDialect(thread: SqliteThread, role: SqliteRole): Dialect {
  return {
    createDriver: () => new SqliteThreadDriver(thread, role) as Driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
