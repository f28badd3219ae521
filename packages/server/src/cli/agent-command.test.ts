import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppId } from '@chat-widget/protocol'
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
const OWNER = 'zoe@example.com\towner\tZoe\tall\n'
beforeAll(async () => {
  await agents.add({ name: 'Zoe', email: 'zoe@example.com', password: PASSWORD })
})
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

it('lists email, role, name and apps of each account', async () => {
  const apps = ['shop', 'travel'] as AppId[]
  await agents.add({ name: 'Ben\tB.', email: 'ben@example.com', password: PASSWORD, role: 'reader', apps })
  const out = 'ana@example.com\tagent\tAna\tall\nben@example.com\treader\tBen B.\tshop,travel\n'
  expect(await run(['list'])).toEqual({ code: 0, out: out + OWNER, err: '' })
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
  expect(await run(['list'])).toEqual({ code: 0, out: OWNER, err: '' })
  const again = await agents.add({ name: 'Another Ana', email: EMAIL, password: PASSWORD })
  expect(again.id).not.toBe(before?.id)
})

it('[OP9] changes a role, and makes an account with one', async () => {
  const out = `agent: Ana <${EMAIL}>\nrole: reader\n`
  expect(await run(['role', EMAIL, 'viewer'])).toEqual({ code: 0, out, err: '' })
  expect(await agents.authenticate(await signedIn())).toMatchObject({ role: 'reader' })
  await run(['remove', EMAIL])
  await run(['add', 'Ana', '--email', EMAIL, '--role', 'viewer', '--password-stdin'], { input: PASSWORD })
  expect(await agents.authenticate(await signedIn())).toMatchObject({ role: 'reader' })
})

it.each([
  ['a\nb', 'must be one line'],
  ['a\tb', 'must be one line'],
  ['\u200b\u2060', 'must have a character that can be seen'],
  ['x'.repeat(121), 'must have at most 120 characters'],
])('takes no name %j, which visitors would read', async (name, problem) => {
  const result = await run(['add', name, '--email', 'ben@example.com'])
  expect(result).toEqual({ code: 2, out: '', err: `configuration: NAME: ${problem}\n` })
})

it('prints no name that turns the line around', async () => {
  const { out } = await run(['add', 'Ben\u202E nimda', '--email', 'ben@example.com'])
  expect(out.split('\n')[0]).toBe('agent: Ben nimda <ben@example.com>')
  await agents.remove('ben@example.com')
})

describe.each([
  ['remove', []],
  ['password', ['--password-stdin']],
  ['role', ['reader']],
  ['apps', ['all']],
  ['sessions', []],
  ['sign-out', []],
  ['unlink', []],
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

it('[AG2] the last owner is neither removed nor lowered, and another one can be made', async () => {
  const err = 'chat-widget-server: The last owner stays one: make another one first.\n'
  expect(await run(['remove', 'zoe@example.com'])).toEqual({ code: 1, out: '', err })
  expect(await run(['role', 'zoe@example.com', 'admin'])).toEqual({ code: 1, out: '', err })
  expect((await run(['role', EMAIL, 'owner'])).code).toBe(0)
  expect((await run(['role', EMAIL, 'agent'])).code).toBe(0)
})

it('[AG3] makes an account of some apps, and changes them', async () => {
  await agents.remove(EMAIL)
  const argv = ['add', 'Ana', '--email', EMAIL, '--app', 'shop', '--app', 'travel', '--password-stdin']
  expect(await run(argv, { input: PASSWORD })).toMatchObject({ code: 0 })
  expect((await run(['list'])).out).toContain('ana@example.com\tagent\tAna\tshop,travel\n')
  expect((await run(['apps', EMAIL, 'travel'])).out).toBe(`agent: Ana <${EMAIL}>\napps: travel\n`)
  expect(await agents.authenticate(await signedIn())).toMatchObject({ apps: ['travel'] })
  expect((await run(['apps', EMAIL, 'all'])).out).toBe(`agent: Ana <${EMAIL}>\napps: all\n`)
})

it('[AG4] lists sessions and ends one or all', async () => {
  const [one, two] = [await signedIn(), (await agents.signIn(EMAIL, PASSWORD, 'Firefox, Linux'))?.token ?? '']
  const lines = (await run(['sessions', EMAIL])).out.trim().split('\n')
  expect(lines).toHaveLength(2)
  const line = lines.find((text) => text.endsWith('\tpassword\tFirefox, Linux')) ?? ''
  expect((await run(['sign-out', EMAIL, line.split('\t')[0] ?? ''])).out).toBe('sessions ended: 1\n')
  expect(await agents.authenticate(two)).toBeNull()
  expect(await agents.authenticate(one)).not.toBeNull()
  expect((await run(['sign-out', EMAIL])).out).toBe('sessions ended: 1\n')
  expect(await agents.authenticate(one)).toBeNull()
})

it('[AG8] unlinks an account from whoever came in by single sign-on, and ends the sessions that they opened so', async () => {
  const person = { issuer: 'https://id.example.com', subject: 'ana' }
  const agent = await storage.agents.findByEmail(EMAIL)
  expect(await storage.agents.link(agent!.id, person, { at: Date.now() })).toBe(true)
  const byPassword = await signedIn()
  const byIssuer = (await agents.openSession(agent!.id, ''))?.token ?? ''
  const out = `single sign-on removed: Ana <${EMAIL}>\n`
  expect(await run(['unlink', EMAIL])).toEqual({ code: 0, out, err: '' })
  expect(await storage.agents.findLinked(person)).toBeNull()
  expect(await agents.authenticate(byIssuer)).toBeNull()
  expect(await agents.authenticate(byPassword)).not.toBeNull()
  const { entries } = await storage.audit.list({ limit: 1 })
  expect(entries).toMatchObject([{ kind: 'agent-unlinked', by: { kind: 'command' }, about: agent!.id }])
  const err = `chat-widget-server: nobody has come in to the account of ${EMAIL} by single sign-on\n`
  expect(await run(['unlink', EMAIL])).toEqual({ code: 1, out: '', err })
})

it('[AG1] audit prints who changed what, since a day', async () => {
  await run(['role', EMAIL, 'admin'])
  const audit = async (...argv: string[]) => {
    const test = createTestTerminal()
    const code = await main(['audit', ...argv, '--data', data], test.terminal)
    return { code, lines: test.out().trim().split('\n') }
  }
  const { code, lines } = await audit()
  expect(code).toBe(0)
  const [, kind, who, whom, app, details] = lines[0]?.split('\t') ?? []
  expect([kind, who, whom, app]).toEqual(['agent-role', 'command', `Ana <${EMAIL}>`, '-'])
  expect(JSON.parse(details ?? '')).toEqual({ from: 'agent', to: 'admin' })
  expect((await audit('--since', '2000-01-01')).lines.length).toBeGreaterThan(lines.length - 1)
  expect((await audit('--since', '2999-01-01')).lines).toEqual([''])
  expect((await audit('--since', 'yesterday')).code).toBe(2)
})
