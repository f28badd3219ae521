/** PostgreSQL as an database: a pool for reads and writes, with row locks against other servers. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { createSqlDatabase, type Failure, type SqlDatabase } from './database.ts'
import { PERSON_TABLES } from './person-tables.ts'
import { createTimedPool } from './postgres-pool.ts'
import type { Tables } from './schema.ts'
import type { SlowStatementLog } from './slow-statements.ts'

const POOL_SIZE = 10
const APPEND_LANES = 4
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000
/** Idle time after which the connection that changed the schema is closed. Milliseconds. */
const ADMINISTRATOR_IDLE_MS = 1_000
const INT8_OID = 20

export interface PostgresDatabaseOptions {
  /** Time that a call waits for a connection, also for a busy one of the pool. Milliseconds, default 5000. */
  readonly connectTimeoutMs?: number
  /** Time limit of a statement, except those that change the schema. Milliseconds, default 5000. */
  readonly statementTimeoutMs?: number
  /** Told of each statement. Default: none. */
  readonly log?: SlowStatementLog | undefined
}

export async function openPostgresDatabase(
  url: string,
  {
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    statementTimeoutMs = STATEMENT_TIMEOUT_MS,
    log,
  }: PostgresDatabaseOptions = {},
): Promise<SqlDatabase> {
  // Loaded here: a server on SQLite never needs it.
  const { Pool, types } = (await import('pg')).default
  const createPool = (options: pg.PoolConfig) => {
    const pool = new Pool({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      types: { getTypeParser: parsersOver(types) },
      ...options,
    })
    // The pool replaces a broken connection, and its query rejects. Without these listeners, for idle ones on the pool
    // and for busy ones on the client, it would also end the process.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    return pool
  }
  const pool = createTimedPool(createPool({ max: POOL_SIZE }), statementTimeoutMs)
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    ...(log === undefined ? {} : { log }),
  })
  const administrator = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: createPool({ max: 1, idleTimeoutMillis: ADMINISTRATOR_IDLE_MS }) }),
  })
  return createSqlDatabase({
    writer: db,
    reader: db,
    administrator,
    locksRows: true,
    pipelines: false,
    appendLanes: APPEND_LANES,
    statistics: [],
    otherWrites: Number.POSITIVE_INFINITY,
    scrub,
    classify,
    async close() {
      await Promise.all([db.destroy(), administrator.destroy()])
    },
  })
}

/** Without locking anybody out. The bytes go for good when the place is used again, or by `vacuum (full)`. */
async function scrub(administrator: Kysely<Tables>): Promise<void> {
  const tables = Object.keys(PERSON_TABLES).map((name) => sql.table(name))
  await sql`vacuum ${sql.join(tables)}`.execute(administrator)
}

/** Every int8 of the schema is a time or a count below 2^53. Set on this pool only, not for the whole process. */
function parsersOver(types: typeof pg.types): typeof pg.types.getTypeParser {
  return (oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary' ? Number : types.getTypeParser(oid, format as 'text')
}

/** By SQLSTATE: deadlock, serialization failure and a lost race for a unique key are worth a retry. */
function classify(error: unknown): Failure {
  const state = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (state === '40001' || state === '40P01' || state === '23505') return 'conflict'
  if (/^(21|22|23|42)...$/.test(state)) return 'refused'
  return 'outage'
}
