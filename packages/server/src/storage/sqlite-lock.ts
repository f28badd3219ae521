/** Lets one server use an SQLite file. The lock is the operating system's, so it ends with the process. */
import { ChatError } from '@chat-widget/protocol'
import Database from 'libsql'

/** Another server holds the file. */
export class FileTakenError extends ChatError {
  constructor(path: string, cause: unknown) {
    super('unavailable', `another server is using ${path}; stop it first or choose another data folder`, {
      cause,
    })
  }
}

/**
 * Holds an exclusive transaction on an empty side database. Throws `FileTakenError` if another server holds it. Returns
 * the release, which is idempotent.
 */
export function lockSqliteFile(path: string): () => void {
  const database = new Database(`${path}.lock`)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
    throw busy ? new FileTakenError(path, error) : error
  }
  let held = true
  return () => {
    if (!held) return
    held = false
    database.exec('ROLLBACK')
    database.close()
  }
}
