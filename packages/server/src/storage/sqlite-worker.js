/**
 * Runs SQL for one SQLite connection on a thread of its own: no fsync blocks the event loop.
 * Plain JavaScript because Node 20 cannot load TypeScript in a worker; its other end is sqlite-thread.ts.
 */
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'

/**
 * @typedef {{ path: string, readOnly: boolean, busyTimeoutMs: number, file: string | null }} SqliteWorkerData
 *   `file`: identity of the file at the last opening, from `fileAt`; `null` if it may be any, or new
 * @typedef {{ id: number } & (
 *   | { kind: 'query', sql: string, parameters: readonly unknown[] }
 *   | { kind: 'begin' }
 *   | { kind: 'commit' }
 *   | { kind: 'rollback' }
 *   | { kind: 'close' }
 *   | { kind: 'abandon' }
 * )} SqliteRequest messages are lists of these; after a `begin` that failed, the requests of its transaction fail too
 * @typedef {{ message: string, code: string }} SqliteFailure
 * @typedef {{ file: string } | { error: SqliteFailure }} SqliteOpening the first message: what was opened, or why nothing was
 * @typedef {{ id: number, rows: unknown[], changes: number | null } | { id: number, error: SqliteFailure }} SqliteReply
 *   messages are lists of these as well
 */

/**
 * Prepared statements that are cached. Texts differ by the number of rows of a group, so there are more texts than
 * queries.
 */
const STATEMENTS = 300
/** Time after which the replies so far are sent, while a long list is still running. Milliseconds. */
const LIST_MS = 2

if (parentPort === null) throw new Error('sqlite-worker.js runs as a worker only')
const port = parentPort
const { path, readOnly, busyTimeoutMs, file: before } = /** @type {SqliteWorkerData} */ (workerData)

/** @param {unknown} error @returns {SqliteFailure} */
function failureOf(error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_ERROR'
  return { message: error instanceof Error ? error.message : String(error), code }
}

/**
 * Identity of the file behind a name: a deleted or replaced file would accept writes that are gone after a restart.
 * @param {string} name
 */
function fileAt(name) {
  const found = statSync(name, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : String(found.ino)
}

function open() {
  // Before it is opened: SQLite would create a missing one.
  if (before !== null) checkFile(before, path)
  const database = new Database(path)
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  database.exec('PRAGMA foreign_keys = ON')
  if (readOnly) {
    database.exec('PRAGMA query_only = ON')
  } else {
    database.pragma('journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
  }
  return database
}

/** @param {string} expected @param {string} name */
function checkFile(expected, name) {
  if (fileAt(name) === expected) return
  throw Object.assign(new Error('the file was deleted or replaced'), { code: 'CHAT_FILE_REPLACED' })
}

/** @type {Database.Database} */
let database
try {
  database = open()
} catch (error) {
  // libsql's errors cannot be sent to another thread.
  port.postMessage({ error: failureOf(error) })
  process.exit(1)
}
const file = fileAt(path) ?? ''
/** The write-ahead log, which has the commits first; SQLite creates it when it is first needed. */
const log = `${path}-wal`
/** @type {string | null} */
let logFile = null

/** Throws if a file was removed: commits to a file without a name would be acknowledged and lost. */
function checkFiles() {
  checkFile(file, path)
  logFile ??= fileAt(log)
  if (logFile !== null) checkFile(logFile, log)
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
 * `failed`: neither a further statement nor the commit is run, so statements may be sent without waiting for each
 * other's answers.
 * @type {{ state: 'none' } | { state: 'open' } | { state: 'failed', error: unknown }}
 */
let transaction = { state: 'none' }

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
    case 'begin':
      transaction = { state: 'open' }
      // Takes the write lock before reading, so that nothing read can become outdated.
      prepare('begin immediate').statement.run()
      return { rows: [], changes: null }
    case 'commit':
      checkFiles()
      prepare('commit').statement.run()
      transaction = { state: 'none' }
      return { rows: [], changes: null }
    case 'rollback':
      transaction = { state: 'none' }
      // After some errors SQLite has already rolled back by itself.
      if (database.inTransaction) database.exec('ROLLBACK')
      return { rows: [], changes: null }
    case 'close':
      statements.clear()
      database.close()
      return { rows: [], changes: null }
  }
}

/** @param {Exclude<SqliteRequest, { kind: 'abandon' }>} request @returns {SqliteReply} */
function answer(request) {
  const { id, kind } = request
  try {
    if (transaction.state === 'failed' && (kind === 'query' || kind === 'commit')) throw transaction.error
    return { id, ...run(request) }
  } catch (error) {
    if (transaction.state === 'open') transaction = { state: 'failed', error }
    return { id, error: failureOf(error) }
  }
}

port.on('message', (/** @type {readonly SqliteRequest[]} */ requests) => {
  /** @type {SqliteReply[]} */
  let replies = []
  let since = performance.now()
  for (const request of requests) {
    // Ends this thread from within: stopping it from outside could happen inside the binding, which aborts the process.
    if (request.kind === 'abandon') {
      port.postMessage(replies)
      process.exit(1)
    }
    replies.push(answer(request))
    if (request.kind === 'close') {
      port.postMessage(replies)
      port.close()
      return
    }
    if (performance.now() - since > LIST_MS) {
      port.postMessage(replies)
      replies = []
      since = performance.now()
    }
  }
  if (replies.length > 0) port.postMessage(replies)
})

port.postMessage({ file })
