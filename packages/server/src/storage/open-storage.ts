/** Opens the configured database: `postgres://…`, or an SQLite file in the data folder. */
import { join } from 'node:path'
import { ChatError } from '@chat-widget/protocol'
import { makeFolder } from '../make-folder.ts'
import type { SqlDatabase } from './database.ts'
import { problemOf } from './database-problem.ts'
import { migrate, missingMigrations } from './migrations.ts'
import { openPostgresDatabase } from './postgres-database.ts'
import type { SlowStatementLog } from './slow-statements.ts'
import { createSqlStorage } from './sql-storage.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import { FileTakenError } from './sqlite-lock.ts'
import type { Storage } from './storage.ts'

export interface OpenStorageOptions {
  /** `postgres://…`; without it an SQLite file `chat.db` in `dataDir`. */
  readonly databaseUrl?: string
  /** Created if missing. */
  readonly dataDir: string
  /**
   * Refuses to share the SQLite file with another exclusive process. Default `true`. Only a short-lived command beside
   * a running server opens with `false`: it never changes the schema of a database that is there. PostgreSQL is always
   * shared.
   */
  readonly exclusive?: boolean
  /** Told before a database of an earlier release is brought up to date, which may take minutes. */
  readonly onUpdate?: (migrations: readonly string[]) => void
  /** Told of each statement. Default: none. */
  readonly log?: SlowStatementLog | undefined
}

/**
 * Opens the database and brings its schema up to date. Rejects with `unavailable` if the database cannot be used, or if
 * another server holds the same SQLite file; the message names the file or the address, without its secrets.
 */
export async function openStorage(options: OpenStorageOptions): Promise<Storage> {
  const { databaseUrl, dataDir, exclusive = true, onUpdate, log } = options
  const update = exclusive ? onUpdate : refuseUpdate
  if (databaseUrl !== undefined)
    return open(placeOf(databaseUrl), () => openPostgresDatabase(databaseUrl, { log }), update)
  await makeFolder(dataDir, 0o700)
  const path = join(dataDir, 'chat.db')
  const storage = await open(path, () => openSqliteDatabase({ path, exclusive, log }), update)
  // Leases of the process before, which has ended.
  if (exclusive) await storage.jobs.releaseAll()
  return storage
}

/** A server of the earlier release may be using it. */
function refuseUpdate(): never {
  throw new Error(
    'an earlier release made it; start the server of this one first, which brings it up to date',
  )
}

async function open(
  place: string,
  openDatabase: () => Promise<SqlDatabase>,
  onUpdate: OpenStorageOptions['onUpdate'],
): Promise<Storage> {
  try {
    const database = await openDatabase()
    try {
      const missing = await missingMigrations(database)
      if (missing.length > 0) onUpdate?.(missing)
      await migrate(database)
    } catch (error) {
      await database.close()
      throw error
    }
    return createSqlStorage(database)
  } catch (cause) {
    if (cause instanceof FileTakenError) throw cause
    throw new ChatError('unavailable', `${place}: ${problemOf(cause)}`, { cause })
  }
}

/** The address without user, password and query. */
function placeOf(databaseUrl: string): string {
  const { protocol, host, pathname } = new URL(databaseUrl)
  return `${protocol}//${host}${pathname}`
}
