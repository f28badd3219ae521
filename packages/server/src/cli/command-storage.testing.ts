/** A database beside which a command runs, as beside a server, for the tests of a file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

export interface CommandStorage {
  readonly folder: string
  readonly storage: Storage
}

export function useCommandStorage(opened: (opened: CommandStorage) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'chat-command-'))
  let storage: Storage | undefined
  beforeAll(async () => {
    await freshDatabase(folder)
    storage = await openStorage({ dataDir: folder })
    opened({ folder, storage })
  })
  afterAll(async () => {
    await storage?.close()
    rmSync(folder, { recursive: true })
  })
}

export async function runCommand(argv: readonly string[]) {
  const test = createTestTerminal()
  const code = await main(argv, test.terminal)
  return { code, out: test.out(), err: test.err() }
}
