/** PostgreSQL as an engine: a pool that reads and writes, rows locked against other servers. */
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { createEngine, type Engine, type Failure } from './engine.ts'
import type { Tables } from './schema.ts'

const POOL_SIZE = 10
const APPEND_LANES = 4
const CONNECT_TIMEOUT_MS = 5_000
const INT8_OID = 20

/** `connectTimeoutMs`: how long a call waits for a connection, also for one of the pool's that others use. */
export async function openPostgresEngine(
  url: string,
  { connectTimeoutMs = CONNECT_TIMEOUT_MS }: { readonly connectTimeoutMs?: number } = {},
): Promise<Engine> {
  // Loaded here, not above: a server on SQLite never needs it.
  const { Pool, types } = (await import('pg')).default
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: parsersOver(types) },
  })
  // A connection that breaks is replaced by the pool, and its query rejects; but without listeners, for idle ones on
  // the pool and for busy ones on the client, it would also end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        // A database set to acknowledge before its log is on disk would break the promise of storage.ts.
        await connection.executeQuery(
          CompiledQuery.raw(
            `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
          ),
        )
      },
    }),
  })
  return createEngine({
    writer: db,
    reader: db,
    locksRows: true,
    appendLanes: APPEND_LANES,
    classify,
    close: () => db.destroy(),
  })
}

/** Every int8 of the schema is a time or a count below 2^53. Set on this pool only, not on the whole process. */
function parsersOver(types: typeof pg.types): typeof pg.types.getTypeParser {
  return (oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary' ? Number : types.getTypeParser(oid, format as 'text')
}

/** By SQLSTATE: deadlock, serialization failure and a lost race for a unique key are worth another try. */
function classify(error: unknown): Failure {
  const state = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (state === '40001' || state === '40P01' || state === '23505') return 'conflict'
  if (/^(21|22|23|42)...$/.test(state)) return 'refused'
  return 'outage'
}
