import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStorage } from './open-storage.ts'
import { storageContract } from './storage-contract.testing.ts'

storageContract('SQLite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-sqlite-'))
  return {
    shared: false,
    open: () => openStorage({ dataDir }),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  }
})
