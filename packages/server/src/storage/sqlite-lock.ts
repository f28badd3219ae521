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
    const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
    const message = busy
      ? `another server is using ${path}; stop it first or choose another data folder`
      : `cannot lock ${path}`
    throw new ChatError('unavailable', message, { cause: error })
  }
  let held = true
  return () => {
    if (!held) return
    held = false
    database.exec('ROLLBACK')
    database.close()
  }
}
