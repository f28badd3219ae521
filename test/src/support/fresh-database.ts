/** A folder for the server's data in which the migrations have been run already: they cost more than the rest of a start. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STORAGE_MODULE } from './paths.ts'

interface StorageModule {
  openStorage(options: { readonly dataDir: string }): Promise<{ close(): Promise<void> }>
}

const FILE = 'chat.db'
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

/** Creates the folder, with an empty database in it. */
export async function freshDatabase(dataDir: string): Promise<void> {
  made ??= makeDatabase()
  const database = await made
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(join(dataDir, FILE), database, { mode: 0o600 })
}
