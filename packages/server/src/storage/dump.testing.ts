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

/** Deletes every row, beside a server that has the database open; but not the one by which it tries to write. */
export function deleteAll(path: string): void {
  const database = new Database(path)
  try {
    database.pragma('foreign_keys = off')
    database.pragma('busy_timeout = 5000')
    const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all() as {
      name: string
    }[]
    const own = tables.filter(({ name }) => !/^(kysely_|sqlite_|write_checks$)/.test(name))
    database.exec(['begin immediate', ...own.map(({ name }) => `delete from "${name}"`), 'commit'].join(';'))
  } finally {
    database.close()
  }
}

/** Contents of the files, the write-ahead log included. */
export const bytesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
