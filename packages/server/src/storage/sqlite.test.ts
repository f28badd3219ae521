import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConversationId } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHOP, START } from './contract-fixture.testing.ts'
import { migrationContract } from './contract-migrations.testing.ts'
import { deleteAll } from './dump.testing.ts'
import { openStorage } from './open-storage.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import { storageContract } from './storage-contract.testing.ts'

/** Starting a process with Vite in it takes long even on an idle machine. */
const PROCESS_START_MS = 90_000

storageContract('SQLite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-sqlite-'))
  return {
    open: () => openStorage({ dataDir }),
    openDatabase: () => openSqliteDatabase({ path: join(dataDir, 'chat.db'), exclusive: false }),
    empty: async () => deleteAll(join(dataDir, 'chat.db')),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  }
})

describe('an SQLite file and its server', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chat-sqlite-'))
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  it('refuses a second server, and lets the next one in after the first has closed', async () => {
    const first = await openStorage({ dataDir })
    await expect(openStorage({ dataDir })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/another server is using .*chat\.db/),
    })
    await first.ping()
    await first.close()
    const second = await openStorage({ dataDir })
    await second.ping()
    await second.close()
  })

  migrationContract(() => openSqliteDatabase({ path: join(dataDir, 'old.db'), exclusive: true }))

  it('[DL8] kill -9 loses no stored message, leaves no gap and no lock; a command works beside', async () => {
    const child = startEndlessAppends(dataDir, 20)
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    let printed = ''
    child.stdout?.on('data', (chunk) => {
      printed += chunk
    })
    const lines = () => printed.split('\n').slice(0, -1)
    try {
      await expect.poll(() => lines().length, { timeout: PROCESS_START_MS }).toBeGreaterThan(200)
      await expect(openStorage({ dataDir })).rejects.toMatchObject({ code: 'unavailable' })
      const command = await openStorage({ dataDir, exclusive: false })
      await command.agents.add({
        ...{ name: 'Kim', email: 'kim@example.com', passwordHash: 'x' },
        role: 'agent',
        at: START,
      })
      await command.close()
      const then = lines().length
      await expect.poll(() => lines().length).toBeGreaterThan(then + 200)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
    const storage = await openStorage({ dataDir })
    const conversations = new Set(lines().map((line) => line.split(' ')[0] as ConversationId))
    expect(conversations.size).toBe(20)
    const stored = new Set<string>()
    for (const conversationId of conversations) {
      const kept = await storage.messages.list({ conversationId, after: 0, limit: 100_000 })
      expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1))
      for (const { id, text } of kept) stored.add(`${conversationId} ${id} ${text}`)
      expect((await storage.conversations.find(conversationId))?.headSeq).toBe(kept.length)
    }
    // The text is the seq that was printed with it.
    expect(lines().filter((line) => !stored.has(line))).toEqual([])
    expect(await storage.agents.findByEmail('kim@example.com')).not.toBeNull()
    expect(await storage.sessions.findBySecretHash(SHOP, 'unknown')).toBeNull()
    await storage.close()
  })
})

/** Node cannot load TypeScript by itself, so the child lets Vite do it. */
function startEndlessAppends(dataDir: string, visitors: number): ChildProcess {
  const module = fileURLToPath(new URL('./endless-appends.testing.ts', import.meta.url))
  const conditions = ['source', 'module']
  const config = {
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['source'] } },
  }
  const script = `
    const { runnerImport } = await import('vite')
    const { module } = await runnerImport(${JSON.stringify(module)}, ${JSON.stringify(config)})
    await module.appendEndlessly(${JSON.stringify(dataDir)}, ${visitors})`
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
