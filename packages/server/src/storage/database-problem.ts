/**
 * Explains in a few words why a database cannot be used, for operators. The words contain no secret and no stored data.
 */

const SQLITE: readonly (readonly [code: string, problem: string])[] = [
  ['SQLITE_NOTADB', 'it is not an SQLite database'],
  ['SQLITE_CORRUPT', 'the file is damaged; restore a backup'],
  ['SQLITE_CANTOPEN', 'it cannot be opened or made'],
  ['SQLITE_READONLY', 'it is read-only'],
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR', 'the disk fails'],
  ['SQLITE_BUSY', 'another process holds it'],
  ['CHAT_FILE_REPLACED', 'the file was deleted or replaced while it was open; restart the server'],
]

/** By SQLSTATE, and by the codes of Node's sockets. */
const POSTGRES: Readonly<Record<string, string>> = {
  '3D000': 'there is no such database',
  '28P01': 'the user name or password is refused',
  '28000': 'the user is refused',
  '25006': 'it is read-only',
  '53100': 'its disk is full',
  '53300': 'it has no connection left',
  '57P03': 'it is starting or stopping',
  '57014': 'it does not answer in time',
  '58030': 'its disk fails',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
}

/** No answer within the caller's time limit. */
export class DatabaseSilentError extends Error {
  override readonly name = 'DatabaseSilentError'
  readonly code = 'ETIMEDOUT'

  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

/** Returns the words for the first known cause; `null` if there is none. */
export function knownProblem(error: unknown): string | null {
  for (const cause of causesOf(error)) {
    const code = 'code' in cause ? String(cause.code) : ''
    const sqlite = SQLITE.find(([prefix]) => code.startsWith(prefix))
    if (sqlite !== undefined) return sqlite[1]
    // libsql gives no code, and SQLite's error number at the end.
    if (/^ConnectionFailed\(.*: 14"\)$/.test(cause.message)) return 'it cannot be opened or made'
    if (code === '42501') return `the role is not permitted: ${oneLine(cause.message)}`
    const postgres = Object.hasOwn(POSTGRES, code) ? POSTGRES[code] : undefined
    if (postgres !== undefined) return postgres
    if (/^(timeout exceeded|Connection terminated|Query read timeout)/.test(cause.message))
      return 'it does not answer in time'
    const later = /previously executed migration (\S+) is missing/.exec(cause.message)?.[1]
    if (later !== undefined)
      return `a newer release has changed it (${later}); start that one, or a later one`
  }
  return null
}

/** As `knownProblem`, else the database's own message. */
export function problemOf(error: unknown): string {
  return knownProblem(error) ?? oneLine(causesOf(error).at(-1)?.message ?? String(error))
}

/** The error and its causes. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause)
    // Node tries each address of a name, and reports all.
    causes.push(
      cause,
      ...(cause instanceof AggregateError ? cause.errors.filter((one) => one instanceof Error) : []),
    )
  return causes
}

const oneLine = (message: string): string => message.replace(/\s*[\r\n]+\s*/g, ' ')
