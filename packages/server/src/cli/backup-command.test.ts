import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { CHEAP_PASSWORDS } from '../agents/cheap-passwords.testing.ts'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

let folder: string
let data: string
let storage: Storage
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-backup-'))
  data = join(folder, 'data')
  await freshDatabase(data)
  storage = await openStorage({ dataDir: data })
})
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

async function backup(file: string, dataDir = data) {
  const test = createTestTerminal()
  const code = await main(['backup', file, '--data', dataDir], test.terminal)
  return { code, out: test.out(), err: test.err() }
}
const addAgent = (email: string) =>
  createAgentAccounts({ storage, passwordCost: CHEAP_PASSWORDS }).add({
    name: 'Ana',
    email,
    password: 'a good password',
  })

describe('[OP7] a backup beside a running server', () => {
  it('is a database with what was stored before, which a server takes', async () => {
    await addAgent('before@example.com')
    const file = join(folder, 'a.db')
    const { code, out, err } = await backup(file)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(new RegExp(`^backup: ${file} \\(\\d+ KB\\)\\n$`))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await addAgent('after@example.com')

    const restored = join(folder, 'restored')
    mkdirSync(restored)
    writeFileSync(join(restored, 'chat.db'), readFileSync(file))
    const there = await openStorage({ dataDir: restored })
    try {
      expect(await there.agents.findByEmail('before@example.com')).toMatchObject({ name: 'Ana' })
      expect(await there.agents.findByEmail('after@example.com')).toBeNull()
    } finally {
      await there.close()
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  it('replaces no file', async () => {
    const file = join(folder, 'kept.db')
    writeFileSync(file, 'mine')
    const { code, out, err } = await backup(file)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(`chat-widget-server: ${file} exists already; nothing was changed\n`)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('leaves nothing behind where it fails', async () => {
    const damaged = join(folder, 'damaged')
    mkdirSync(damaged)
    writeFileSync(
      join(damaged, 'chat.db'),
      'no database at all, and more than a hundred bytes of it'.repeat(4),
    )
    const file = join(folder, 'of-damaged.db')
    const { code, err } = await backup(file, damaged)
    expect(code).toBe(1)
    expect(err).toMatch(/^chat-widget-server: .*not a database/)
    expect(readdirSync(folder).filter((name) => name.includes('of-damaged'))).toEqual([])
  })

  it.each([
    [
      'a folder without data',
      () => [join(folder, 'b.db'), join(folder, 'nothing')],
      /there is no database in .*nothing/,
    ],
    [
      'a folder that is missing',
      () => [join(folder, 'missing', 'b.db'), data],
      /cannot write .*b\.db \(no such folder\)/,
    ],
  ] as const)('says what is wrong with %s', async (_title, places, problem) => {
    const [file = '', dataDir = ''] = places()
    const { code, err } = await backup(file, dataDir)
    expect(code).toBe(1)
    expect(err).toMatch(problem)
    expect(existsSync(dataDir)).toBe(dataDir === data)
  })
})
