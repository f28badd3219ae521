/** A folder for the server's data as if it had been started there before: that costs more than the rest of a start. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, STORAGE_MODULE } from './paths.ts'

interface StorageModule {
  openStorage(options: { readonly dataDir: string }): Promise<{ close(): Promise<void> }>
}

const FILE = 'chat.db'
/** Copies of the built files, which a server makes for pages that are open during an update; all servers share them. */
const RELEASES = join(ROOT, 'node_modules/.cache/test-releases')
let made: Promise<Buffer> | undefined

async function makeDatabase(): Promise<Buffer> {
  const { openStorage } = (await import(/* @vite-ignore */ STORAGE_MODULE)) as StorageModule
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-template-'))
  try {
    const storage = await openStorage({ dataDir })
    await storage.close()
    return await readFile(join(dataDir, FILE))
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Creates the folder, with an empty database in which the migrations have been run. */
export async function freshData(dataDir: string): Promise<void> {
  made ??= makeDatabase()
  const database = await made
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await mkdir(RELEASES, { recursive: true })
  await Promise.all([
    writeFile(join(dataDir, FILE), database, { mode: 0o600 }),
    symlink(RELEASES, join(dataDir, 'releases')),
  ])
}
