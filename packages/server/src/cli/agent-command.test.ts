import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AgentAccounts, createAgentAccounts } from '../agents/agent-accounts.ts'
import { CHEAP_PASSWORDS } from '../agents/cheap-passwords.testing.ts'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

let folder: string
let data: string
let storage: Storage
/** Of a server that runs on the same folder. */
let agents: AgentAccounts
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-agents-'))
  data = join(folder, 'data')
  await freshDatabase(data)
  storage = await openStorage({ dataDir: data })
  agents = createAgentAccounts({ storage, passwordCost: CHEAP_PASSWORDS })
})
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

const EMAIL = 'ana@example.com'
const PASSWORD = 'a good password'
beforeEach(async () => {
  await agents.remove(EMAIL)
  await agents.add({ name: 'Ana', email: EMAIL, password: PASSWORD })
})

async function run(argv: readonly string[], { input = '', dataDir = data } = {}) {
  const test = createTestTerminal()
  test.stdin.end(input)
  const code = await main(['agent', ...argv, '--data', dataDir], test.terminal)
  return { code, out: test.out(), err: test.err() }
}

async function signedIn(password = PASSWORD): Promise<string> {
  return (await agents.signIn(EMAIL, password))?.token ?? ''
}

it('lists email, role and name of each account', async () => {
  await agents.add({ name: 'Ben\tB.', email: 'ben@example.com', password: PASSWORD, role: 'viewer' })
  const out = 'ana@example.com\tagent\tAna\nben@example.com\tviewer\tBen B.\n'
  expect(await run(['list'])).toEqual({ code: 0, out, err: '' })
  await agents.remove('ben@example.com')
})

describe('[OP8] a new password', () => {
  it('is read from standard input, and ends the agent’s sessions', async () => {
    const token = await signedIn()
    const result = await run(['password', 'ANA@example.com', '--password-stdin'], {
      input: 'another password\n',
    })
    expect(result).toEqual({ code: 0, out: `agent: Ana <${EMAIL}>\n`, err: '' })
    expect(await agents.authenticate(token)).toBeNull()
    expect(await signedIn()).toBe('')
    expect(await signedIn('another password')).not.toBe('')
  })

  it('is made and printed where nobody can be asked', async () => {
    const { code, out } = await run(['password', EMAIL])
    expect(code).toBe(0)
    expect(await signedIn(/^password: (\S+)$/m.exec(out)?.[1])).not.toBe('')
  })
})

it('[OP8] removes an account, ends its sessions and frees its email', async () => {
  const token = await signedIn()
  const before = await agents.authenticate(token)
  expect(await run(['remove', EMAIL])).toEqual({ code: 0, out: `removed: Ana <${EMAIL}>\n`, err: '' })
  expect(await agents.authenticate(token)).toBeNull()
  expect(await signedIn()).toBe('')
  expect(await run(['list'])).toEqual({ code: 0, out: '', err: '' })
  const again = await agents.add({ name: 'Another Ana', email: EMAIL, password: PASSWORD })
  expect(again.id).not.toBe(before?.id)
})

it('[OP9] changes a role, and makes an account with one', async () => {
  const out = `agent: Ana <${EMAIL}>\nrole: viewer\n`
  expect(await run(['role', EMAIL, 'viewer'])).toEqual({ code: 0, out, err: '' })
  expect(await agents.authenticate(await signedIn())).toMatchObject({ role: 'viewer' })
  await run(['remove', EMAIL])
  await run(['add', 'Ana', '--email', EMAIL, '--role', 'viewer', '--password-stdin'], { input: PASSWORD })
  expect(await agents.authenticate(await signedIn())).toMatchObject({ role: 'viewer' })
})

describe.each([
  ['remove', []],
  ['password', ['--password-stdin']],
  ['role', ['viewer']],
] as const)('agent %s says in one line', (command, rest) => {
  it('that nobody has the email', async () => {
    const result = await run([command, 'ben@example.com', ...rest], { input: PASSWORD })
    const err = 'chat-widget-server: there is no agent with the email ben@example.com\n'
    expect(result).toEqual({ code: 1, out: '', err })
  })

  it('that there is no database, and makes none', async () => {
    const dataDir = join(folder, 'nothing')
    const result = await run([command, EMAIL, ...rest], { input: PASSWORD, dataDir })
    const err = `chat-widget-server: there is no database in ${dataDir}; choose another --data\n`
    expect(result).toEqual({ code: 1, out: '', err })
  })
})
