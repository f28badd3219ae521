/** SQLite as a database: one writing thread, one reading thread, one process. */
import { open } from 'node:fs/promises'
import { Kysely, sql } from 'kysely'
import { Conflict, createSqlDatabase, type Failure, type SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'
import type { SlowStatementLog } from './slow-statements.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { lockSqliteFile } from './sqlite-lock.ts'
import { createSqliteThread, SqliteError, SqliteThreadError } from './sqlite-thread.ts'

const BUSY_TIMEOUT_MS = 5_000
/** In a folder that an operator made, others may look. SQLite gives its other files the same rights. */
const OWNER_ONLY = 0o600

const STATISTICS = [
  // Rows of an index that are sampled: it takes milliseconds, however large the table.
  'pragma analysis_limit = 400',
  'analyze',
  // A table that is small now may be large in an hour. Without statistics, SQLite assumes a large one.
  `delete from sqlite_stat1 where cast(stat as integer) < 1000`,
  'analyze sqlite_schema',
  // Other connections read the statistics with the schema, and only when that changes.
  'create view new_statistics as select 1',
  'drop view new_statistics',
]

export interface SqliteDatabaseOptions {
  readonly path: string
  /** True: refuse to share the file with another exclusive process. */
  readonly exclusive: boolean
  /** Told of each statement. Default: none. */
  readonly log?: SlowStatementLog | undefined
}

/** Makes the file, if it is not there. SQLite itself says what is wrong with a path. */
const makeFile = (path: string) =>
  open(path, 'wx', OWNER_ONLY).then(
    (file) => file.close(),
    () => undefined,
  )

export async function openSqliteDatabase({
  path,
  exclusive,
  log,
}: SqliteDatabaseOptions): Promise<SqlDatabase> {
  const unlock = exclusive ? lockSqliteFile(path) : () => undefined
  await makeFile(path)
  const writing = createSqliteThread({ path, readOnly: false, busyTimeoutMs: BUSY_TIMEOUT_MS })
  const reading = createSqliteThread({ path, readOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS })
  const logged = log === undefined ? {} : { log }
  const writer = new Kysely<Tables>({ dialect: createSqliteDialect(writing, 'writer'), ...logged })
  const reader = new Kysely<Tables>({ dialect: createSqliteDialect(reading, 'reader'), ...logged })
  const database = createSqlDatabase({
    writer,
    reader,
    administrator: writer,
    locksRows: false,
    pipelines: true,
    appendLanes: 1,
    statistics: STATISTICS,
    otherWrites: 1,
    scrub,
    classify,
    async close() {
      await Promise.all([writer.destroy(), reader.destroy()])
      await Promise.all([writing.close(), reading.close()])
      unlock()
    },
  })
  try {
    await database.administer(async () => {
      // The writer first: it creates the file and its journal mode, without which there is nothing to read.
      await writing.session()
      await reading.session()
    })
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

/**
 * Deleted rows leave bytes in free pages, in pages that were split, and in the log. Writing the database anew leaves none;
 * writers wait meanwhile. `secure_delete` alone would not do: it zeroes a deleted row, not copies of it in pages that were
 * split before (4 of 6,000 words were left). Rejects while a reader keeps the log from being emptied.
 */
async function scrub(administrator: Kysely<Tables>): Promise<void> {
  await sql`vacuum`.execute(administrator)
  const { rows } = await sql<{ readonly busy: number }>`pragma wal_checkpoint(truncate)`.execute(
    administrator,
  )
  if (rows[0]?.busy !== 0) throw new Conflict()
}

/** With one writer at a time nothing conflicts; a busy file means that another process holds it too long. */
function classify(error: unknown): Failure {
  if (error instanceof SqliteThreadError) return 'outage'
  if (!(error instanceof SqliteError)) return 'refused'
  const refused = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_TOOBIG', 'SQLITE_RANGE', 'SQLITE_ERROR']
  return refused.some((code) => error.code.startsWith(code)) ? 'refused' : 'outage'
}
