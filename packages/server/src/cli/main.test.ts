import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChatError } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { freshDatabase } from '../storage/fresh-database.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import { main } from './main.ts'
import { withStorage } from './place.ts'
import { createTestTerminal } from './terminal.testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = async (
  argv: string[],
  options: Parameters<typeof createTestTerminal>[0] & { input?: string } = {},
) => {
  const test = createTestTerminal(options)
  test.stdin.end(options.input ?? '')
  const code = await main(argv, test.terminal)
  return { code, out: test.out(), err: test.err() }
}

it('tells how it is used, and its version', async () => {
  const help = await run(['--help'])
  expect(help.code).toBe(0)
  for (const flag of ['config', 'port', 'host', 'data', 'database-url', 'redis-url', 'dev']) {
    expect(help.out).toContain(`--${flag}`)
    expect(help.out).toContain(`CHAT_WIDGET_${flag.toUpperCase().replace('-', '_')}`)
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect((await run(['--version'])).out).toBe(`${version}\n`)
})

it('says why a database that was opened takes nothing', async () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  const refused = new ChatError('unavailable', 'the database cannot be used right now', { cause: full })
  const [flags, { terminal }] = [new Map([['data', join(folder, 'full')]]), createTestTerminal()]
  const working = withStorage(flags, terminal, () => Promise.reject(refused), { begins: true })
  await expect(working).rejects.toThrow(/^the database cannot be used right now: the disk is full$/)
})

it('makes an API key and the line for the configuration', async () => {
  const { code, out } = await run(['api-key'])
  expect(code).toBe(0)
  const key = /^key: +(\S+)$/m.exec(out)?.[1] ?? ''
  const hash = /"sha256:([0-9a-f]{64})"/.exec(out)?.[1]
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(createHash('sha256').update(key).digest('hex')).toBe(hash)
  expect((await run(['api-key'])).out).not.toBe(out)
})

const NO_CONFIG =
  'configuration: --config: missing; give a file (chat-widget-server init writes one), or --dev to try things out'

const AGENT_COMMANDS =
  'configuration: agent: write agent and one of: add, apps, avatar, list, password, remove, role, sessions, sign-out, unlink'

describe('bad configuration is exit 2 and one line', () => {
  it.each([
    [['--prot', '1'], {}, 'configuration: --prot: unknown flag\n'],
    [['start'], {}, 'configuration: start: unknown command; chat-widget-server --help lists them\n'],
    [['serve', 'now'], {}, 'configuration: now: unknown argument\n'],
    [['serve'], {}, `${NO_CONFIG}\n`],
    [[], {}, `${NO_CONFIG}\n`],
    [['init', 'a', 'b'], {}, 'configuration: b: unknown argument\n'],
    [['init', '--force'], {}, 'configuration: --force: unknown flag\n'],
    [['backup'], {}, 'configuration: FILE: missing; write: chat-widget-server backup FILE\n'],
    [['backup', 'a', 'b'], {}, 'configuration: b: unknown argument\n'],
    [['backup', 'a', '--port', '1'], {}, 'configuration: --port: unknown flag\n'],
    [
      ['backup', 'chat.dump'],
      { CHAT_WIDGET_DATABASE_URL: 'postgres://chat:secret@db/chat' },
      'configuration: CHAT_WIDGET_DATABASE_URL: is PostgreSQL\'s, which has its own program: pg_dump --format=custom --file=chat.dump "$CHAT_WIDGET_DATABASE_URL"\n',
    ],
    [
      ['--dev'],
      { LOG_LEVEL: 'loud' },
      'configuration: LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent\n',
    ],
    [['agent'], {}, `${AGENT_COMMANDS}\n`],
    [['agent', 'ad'], {}, `${AGENT_COMMANDS}\n`],
    [['agent', 'list', 'x'], {}, 'configuration: x: unknown argument\n'],
    [['agent', 'remove'], {}, 'configuration: EMAIL: missing\n'],
    [['agent', 'remove', 'ana'], {}, 'configuration: EMAIL: is not an email address\n'],
    [['agent', 'password', 'a@example.com', 'secret'], {}, 'configuration: secret: unknown argument\n'],
    [['agent', 'role', 'a@example.com'], {}, 'configuration: ROLE: missing\n'],
    [
      ['agent', 'role', 'a@example.com', 'boss'],
      {},
      'configuration: ROLE: must be one of owner, admin, agent, reader\n',
    ],
    [
      ['agent', 'add', 'Ana', '--email', 'a@example.com', '--role', 'boss'],
      {},
      'configuration: --role: must be one of owner, admin, agent, reader\n',
    ],
    [['agent', 'add', '--email', 'a@example.com'], {}, 'configuration: NAME: missing\n'],
    [['agent', 'add', 'Ana'], {}, 'configuration: --email: missing\n'],
    [['agent', 'add', 'Ana', '--email', 'ana'], {}, 'configuration: --email: is not an email address\n'],
    [['agent', 'add', 'Ana', '--mail', 'ana'], {}, 'configuration: --mail: unknown flag\n'],
    [['api-key', 'x'], {}, 'configuration: x: unknown argument\n'],
  ])('%j', async (argv, env, err) => {
    expect(await run(argv, { env })).toEqual({ code: 2, out: '', err })
  })

  it('in the file', async () => {
    const path = join(folder, 'bad.json')
    writeFileSync(path, '{ "apps": [{ "id": "shop", "origins": ["http://localhost:*"], "colour": "red" }] }')
    expect(await run(['--config', path])).toEqual({
      code: 2,
      out: '',
      err: 'configuration: apps[0].colour: unknown key\n',
    })
  })
})

describe('agent add', () => {
  /** The data of one test. */
  const freshFolder = async (name: string) => {
    const data = join(folder, name)
    await freshDatabase(data)
    return data
  }
  const signIn = async (data: string, email: string, password: string) => {
    const storage = await openStorage({ dataDir: data })
    try {
      return await createAgentAccounts({ storage }).signIn(email, password)
    } finally {
      await storage.close()
    }
  }
  const add = (data: string, name: string, ...rest: string[]) => [
    'agent',
    'add',
    name,
    '--data',
    data,
    ...rest,
  ]

  it('reads the password from standard input', async () => {
    const data = join(folder, 'stdin')
    const result = await run(add(data, 'Ana', '--email', 'ana@example.com', '--password-stdin'), {
      input: 'a good password\n',
    })
    expect(result).toEqual({ code: 0, out: 'agent: Ana <ana@example.com>\nrole: owner\n', err: '' })
    expect(await signIn(data, 'ana@example.com', 'a good password')).toMatchObject({ agent: { name: 'Ana' } })
  })

  it('[WH5] gives a picture, which can be taken back, and a password where nobody can be asked', async () => {
    const data = await freshFolder('avatar')
    const made = await run(
      add(data, 'Ana', '--email', 'ana@example.com', '--avatar', 'https://a.example/1.png'),
    )
    expect(made.code).toBe(0)
    const password = /^password: (\S+)$/m.exec(made.out)?.[1] ?? ''
    expect(password.length).toBeGreaterThanOrEqual(20)
    const first = { agent: { avatar: 'https://a.example/1.png' } }
    expect(await signIn(data, 'ana@example.com', password)).toMatchObject(first)
    const avatar = async () => {
      const storage = await openStorage({ dataDir: data })
      const agent = await storage.agents.findByEmail('ana@example.com')
      await storage.close()
      return agent?.avatar
    }
    const change = (url: string) => run(['agent', 'avatar', 'ana@example.com', url, '--data', data])
    expect(await change('https://a.example/2.png')).toMatchObject({ code: 0 })
    expect(await avatar()).toBe('https://a.example/2.png')
    expect(await change('http://a.example/2.png')).toMatchObject({
      code: 2,
      err: 'configuration: URL: must be the https address of a picture\n',
    })
    expect(await change('none')).toMatchObject({ code: 0 })
    expect(await avatar()).toBeUndefined()
  })

  it('asks at a terminal, twice and without showing it', async () => {
    const data = await freshFolder('asked')
    const test = createTestTerminal({ isTTY: true })
    const done = main(add(data, 'Ana', '--email', 'ana@example.com'), test.terminal)
    await vi.waitFor(() => expect(test.err()).toContain('Password'))
    test.stdin.write('typed pasword\u007f\u007f\u007f\u007fword\r')
    await vi.waitFor(() => expect(test.err()).toContain('Again'))
    test.stdin.write('typed password\r')
    expect(await done).toBe(2)
    expect(test.err()).toContain('configuration: password: the two are not the same')
    expect(test.err() + test.out()).not.toContain('typed')

    const again = createTestTerminal({ isTTY: true })
    const added = main(add(data, 'Ana', '--email', 'ana@example.com'), again.terminal)
    await vi.waitFor(() => expect(again.err()).toContain('Password'))
    again.stdin.write('typed password\r')
    await vi.waitFor(() => expect(again.err()).toContain('Again'))
    again.stdin.write('typed password\r')
    expect(await added).toBe(0)
    expect(again.err() + again.out()).not.toContain('typed')
    expect(await signIn(data, 'ana@example.com', 'typed password')).not.toBeNull()
  })

  it('refuses a short password', async () => {
    const result = await run(
      add(join(folder, 'short'), 'Ana', '--email', 'a@example.com', '--password-stdin'),
      {
        input: 'short\n',
      },
    )
    expect(result).toEqual({
      code: 2,
      out: '',
      err: 'configuration: password: must have 8 to 1024 characters\n',
    })
  })

  it('works beside a server on the same folder, and says when the email is taken', async () => {
    const data = await freshFolder('shared')
    const server = await openStorage({ dataDir: data })
    try {
      const argv = add(data, 'Ana', '--email', 'ana@example.com')
      expect((await run(argv)).code).toBe(0)
      expect(await server.agents.findByEmail('ana@example.com')).toMatchObject({ name: 'Ana' })
      const again = await run(argv)
      expect(again.code).toBe(1)
      expect(again.err).toBe('chat-widget-server: there is an agent with the email ana@example.com\n')
    } finally {
      await server.close()
    }
  })
})
