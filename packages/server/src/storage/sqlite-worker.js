/**
 * Runs SQL for one SQLite connection on a thread of its own, so that no fsync stalls the event loop.
 * Plain JavaScript because Node 20 cannot load TypeScript in a worker; its other end is sqlite-thread.ts.
 */
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'

/**
 * @typedef {{ path: string, readOnly: boolean, busyTimeoutMs: number }} SqliteWorkerData
 * @typedef {{ id: number } & (
 *   | { kind: 'query', sql: string, parameters: readonly unknown[] }
 *   | { kind: 'rollback' }
 *   | { kind: 'close' }
 *   | { kind: 'abandon' }
 * )} SqliteRequest
 * @typedef {{ message: string, code: string }} SqliteFailure
 * @typedef {{ id: number, rows: unknown[], changes: number | null } | { id: number, error: SqliteFailure }} SqliteReply
 */

/** Statements kept prepared. Texts differ by the number of rows of a group, so there are more than queries. */
const STATEMENTS = 300

if (parentPort === null) throw new Error('sqlite-worker.js runs as a worker only')
const port = parentPort
const { path, readOnly, busyTimeoutMs } = /** @type {SqliteWorkerData} */ (workerData)

const database = new Database(path)
database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
database.exec('PRAGMA foreign_keys = ON')
if (readOnly) {
  database.exec('PRAGMA query_only = ON')
} else {
  database.pragma('journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
}

/** @type {Map<string, { statement: Database.Statement, reader: boolean }>} */
const statements = new Map()

/** @param {string} sql */
function prepare(sql) {
  const known = statements.get(sql)
  if (known !== undefined) {
    statements.delete(sql)
    statements.set(sql, known)
    return known
  }
  const statement = database.prepare(sql)
  const prepared = { statement, reader: statement.reader }
  statements.set(sql, prepared)
  const oldest = statements.size > STATEMENTS ? statements.keys().next().value : undefined
  if (oldest !== undefined) statements.delete(oldest)
  return prepared
}

/**
 * @param {Exclude<SqliteRequest, { kind: 'abandon' }>} request
 * @returns {{ rows: unknown[], changes: number | null }}
 */
function run(request) {
  switch (request.kind) {
    case 'query': {
      const { statement, reader } = prepare(request.sql)
      if (reader) return { rows: statement.all(request.parameters), changes: null }
      return { rows: [], changes: statement.run(request.parameters).changes }
    }
    case 'rollback':
      // SQLite has already rolled back by itself after some errors; then there is nothing left to undo.
      if (database.inTransaction) database.exec('ROLLBACK')
      return { rows: [], changes: null }
    case 'close':
      statements.clear()
      database.close()
      return { rows: [], changes: null }
  }
}

port.on('message', (/** @type {SqliteRequest} */ request) => {
  // Ends this thread from within: from outside it could be stopped inside the binding, which aborts the process.
  if (request.kind === 'abandon') process.exit(1)
  /** @type {SqliteReply} */
  let reply
  try {
    reply = { id: request.id, ...run(request) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_ERROR'
    reply = {
      id: request.id,
      error: { message: error instanceof Error ? error.message : String(error), code },
    }
  }
  port.postMessage(reply)
  if (request.kind === 'close') port.close()
})

port.postMessage('ready')
