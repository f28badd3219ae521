/** Copies an SQLite database while a server writes to it ([OP7]). */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import Database from 'libsql'

/** A writer holds the file for milliseconds; only an overloaded machine needs longer. */
const BUSY_TIMEOUT_MS = 30_000
const OWNER_ONLY = 0o600

export interface BackupOptions {
  /** Folder of the database. */
  readonly dataDir: string
  /** The copy; must not exist. */
  readonly file: string
}

/**
 * Writes a consistent, compact copy under another name, checks it, and gives it its name at last: a file of that name is
 * complete. Resolves with its size in bytes. Rejects with the reason in words for the person who asked for it, or with the
 * file system's error.
 */
export async function backupSqlite({ dataDir, file }: BackupOptions): Promise<number> {
  const source = join(dataDir, 'chat.db')
  if (!existsSync(source)) throw new Error(`there is no database in ${dataDir}; choose another --data`)
  if (existsSync(file)) throw taken(file)
  const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.partial`)
  try {
    await create(partial, file)
    copy(source, partial)
    await flush(partial)
    await publish(partial, file)
    return (await stat(file)).size
  } finally {
    await rm(partial, { force: true })
  }
}

/** SQLite writes into an empty file, and so under the permissions that it was created with. */
async function create(partial: string, file: string): Promise<void> {
  try {
    await (await open(partial, 'wx', OWNER_ONLY)).close()
  } catch (cause) {
    const reason = isCode(cause, 'ENOENT') ? 'no such folder' : String((cause as NodeJS.ErrnoException).code)
    throw new Error(`cannot write ${file} (${reason})`, { cause })
  }
}

const taken = (file: string) => new Error(`${file} exists already; nothing was changed`)

function copy(source: string, target: string): void {
  // One statement reads one state of the database, whatever is committed meanwhile.
  const original = new Database(source, { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    original.prepare('VACUUM INTO ?').run(target)
  } finally {
    original.close()
  }
  const made = new Database(target, { readonly: true })
  try {
    const [first] = made.prepare('PRAGMA quick_check(1)').raw().all() as [string][]
    if (first?.[0] !== 'ok') throw new Error(`the copy of ${source} is damaged: ${first?.[0]}`)
  } finally {
    made.close()
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A link, unlike a rename, fails if there is such a file by now. */
async function publish(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file)
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw taken(file)
    // File systems without hard links, e.g. of a network drive.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].some((code) => isCode(error, code))) throw error
    if (existsSync(file)) throw taken(file)
    await rename(partial, file)
  }
  // The file's name, too, survives a power cut.
  const folder = await open(dirname(file), 'r')
  await folder.sync().catch(() => undefined)
  await folder.close()
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
