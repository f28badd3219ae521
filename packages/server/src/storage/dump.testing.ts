/** Reads all of an SQLite database, to search it for secrets, or deletes it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'

/** Every value of every table, as text. */
export function dump(path: string): readonly string[] {
  const database = new Database(path, { readonly: true } as object)
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all() as {
      name: string
    }[]
    return tables.flatMap(({ name }) =>
      (database.prepare(`select * from "${name}"`).all() as object[]).flatMap((row) =>
        Object.values(row).map(String),
      ),
    )
  } finally {
    database.close()
  }
}

/** By path: opening a database and reading its schema costs eight times as much as the deleting. */
const emptying = new Map<string, () => void>()

/** Deletes every row, beside a server that has the database open; but not the one by which it tries to write. */
export function deleteAll(path: string): void {
  const empty = emptying.get(path) ?? openToEmpty(path)
  emptying.set(path, empty)
  empty()
}

function openToEmpty(path: string): () => void {
  const database = new Database(path)
  database.pragma('foreign_keys = off')
  database.pragma('busy_timeout = 5000')
  // The file is deleted after the tests: waiting for the disk gains nothing.
  database.pragma('synchronous = off')
  const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all() as {
    name: string
  }[]
  const own = tables.filter(({ name }) => !/^(kysely_|sqlite_|write_checks$)/.test(name))
  const statements = ['begin immediate', ...own.map(({ name }) => `delete from "${name}"`), 'commit'].join(
    ';',
  )
  return () => {
    try {
      database.exec(statements)
    } catch (error) {
      // With its transaction.
      emptying.delete(path)
      database.close()
      throw error
    }
  }
}

/** Contents of the files, the write-ahead log included. */
export const bytesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
