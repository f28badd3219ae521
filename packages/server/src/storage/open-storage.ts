/** Picks the database by configuration: `postgres://…`, or an SQLite file under the data folder. */
import type { Storage } from './storage.ts'

export interface OpenStorageOptions {
  /** `postgres://…`; without it an SQLite file `chat.db` in `dataDir`. */
  readonly databaseUrl?: string
  /** Made when missing. */
  readonly dataDir: string
}

/** Opens the database and brings its schema up to date. */
export async function openStorage(_options: OpenStorageOptions): Promise<Storage> {
  throw new Error('not built yet')
}
