/** SQLite folders with an up-to-date schema: running the migrations costs more than most tests. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openStorage } from './open-storage.ts'

const FILE = 'chat.db'
let made: Promise<Buffer> | undefined

/** An empty database with all migrations; kept in this process's memory, so that no file is left behind. */
async function makeDatabase(): Promise<Buffer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-template-'))
  try {
    const storage = await openStorage({ dataDir })
    await storage.close()
    return await readFile(join(dataDir, FILE))
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Creates the folder, with an empty database in it. */
export async function freshDatabase(dataDir: string): Promise<void> {
  made ??= makeDatabase()
  const database = await made
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(join(dataDir, FILE), database, { mode: 0o600 })
}

/** A folder for a whole server, which also finds the copies of built files that it would make; all servers share them. */
export async function freshData(dataDir: string): Promise<void> {
  await freshDatabase(dataDir)
  const releases = join(inject('storages'), 'releases')
  await mkdir(releases, { recursive: true })
  await symlink(releases, join(dataDir, 'releases'))
}
