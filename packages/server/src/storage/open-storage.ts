/** Picks the database by configuration: `postgres://…`, or an SQLite file under the data folder. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { migrate } from './migrations.ts'
import { openPostgresEngine } from './postgres-engine.ts'
import { createSqlStorage } from './sql-storage.ts'
import { openSqliteEngine } from './sqlite-engine.ts'
import type { Storage } from './storage.ts'

export interface OpenStorageOptions {
  /** `postgres://…`; without it an SQLite file `chat.db` in `dataDir`. */
  readonly databaseUrl?: string
  /** Made when missing. */
  readonly dataDir: string
  /**
   * Refuses to share the SQLite file with another exclusive process; default `true`. Only a short-lived command
   * that works beside a running server opens with `false`. PostgreSQL is always shared.
   */
  readonly exclusive?: boolean
}

/**
 * Opens the database and brings its schema up to date. Rejects with `unavailable` when the database cannot be
 * reached, or when another server holds the same SQLite file.
 */
export async function openStorage(options: OpenStorageOptions): Promise<Storage> {
  const engine = await openEngine(options)
  try {
    await migrate(engine)
  } catch (error) {
    await engine.close()
    throw error
  }
  return createSqlStorage(engine)
}

async function openEngine(options: OpenStorageOptions): Promise<Engine> {
  if (options.databaseUrl !== undefined) return openPostgresEngine(options.databaseUrl)
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  return openSqliteEngine({
    path: join(options.dataDir, 'chat.db'),
    exclusive: options.exclusive ?? true,
  })
}
