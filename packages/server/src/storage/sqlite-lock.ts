/** Lets one server use an SQLite file; the lock is the operating system's, so it dies with the process. */
import { ChatError } from '@chat-widget/protocol'
import Database from 'libsql'

/**
 * Holds an exclusive transaction on an empty side database. Throws `unavailable` when another server holds it.
 * Returns the release, which is idempotent.
 */
export function lockSqliteFile(path: string): () => void {
  const database = new Database(`${path}.lock`)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new ChatError(
      'unavailable',
      `another server is using ${path}; stop it first or choose another data folder`,
      {
        cause: error,
      },
    )
  }
  let held = true
  return () => {
    if (!held) return
    held = false
    database.exec('ROLLBACK')
    database.close()
  }
}
