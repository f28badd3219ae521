/** The command `chat-widget-server`: output, flags and exit codes that operators and scripts rely on. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { addAgent, printedPassword } from './support/agent-account.ts'
import { connectAgent, connectVisitor, signInAgent } from './support/raw-device.ts'
import { runCommandHere, type ServerHere, startServerHere } from './support/server-here.ts'
import { runServerCommand, startServer } from './support/server-process.ts'
import { API_KEY, mintToken, SHOP_SECRET, sha256, shopConfig } from './support/shop.ts'

describe('starting and stopping', () => {
  it('[OP4] prints one line that ends in the address, reads its file again on SIGHUP, drains on SIGTERM and exits 0', async () => {
    const server = await startServer({ config: shopConfig(), env: { LOG_LEVEL: 'info' } })
    onTestFinished(() => server.close())

    expect(server.stdout()).toMatch(/^[^\n]*listening on http:\/\/127\.0\.0\.1:\d+\n$/)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    const visitor = await connectVisitor(server.url)
    onTestFinished(() => visitor.close())

    server.hangUp()
    await expect.poll(() => server.stderr()).toContain('the configuration was read again')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)

    expect(await server.stop()).toBe(0)
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })

  it('refuses a second server on the same data', async () => {
    const server = await startServerHere(shopConfig())
    onTestFinished(() => server.close())
    const { code, stderr } = await runServerCommand([
      ...['--config', join(server.folder, 'config.json'), '--port', '0'],
      ...server.storageArgs,
    ])
    expect(code).not.toBe(0)
    expect(stderr).not.toBe('')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  it('says which Node.js it needs', async () => {
    const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.8'}})"
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(older)}` }
    const { code, stderr } = await runServerCommand(['--version'], env)
    expect(stderr).toBe('chat-widget-server: needs Node.js 20.19 or later; this is 18.20.8\n')
    expect(code).toBe(1)
  })

  it('prints a ready agent account with --dev', async () => {
    const server = await startServerHere(shopConfig(), { args: ['--dev'] })
    onTestFinished(() => server.close())
    const [, email = '', password = ''] = /^agent: (\S+) \/ (\S+)$/m.exec(server.stdout()) ?? []
    expect(password).toMatch(/.{12,}/)
    expect(await signInAgent(server.url, email, password)).toContain('chat_console=')
  })
})

describe('bad configuration', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chat-config-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  const start = async (config: string, env: Record<string, string> = {}) => {
    const file = join(folder, `${randomBytes(6).toString('hex')}.json`)
    await writeFile(file, config)
    return runCommandHere(['--config', file, '--data', join(folder, 'data'), '--port', '0'], env)
  }
  const app = (changes: object) => {
    const { apps } = shopConfig() as { apps: [Record<string, unknown>] }
    return JSON.stringify({ apps: [{ ...apps[0], ...changes }] })
  }
  const context = (changes: object) => {
    const { apps } = shopConfig() as { apps: [{ context: object }] }
    return app({ context: { ...apps[0].context, ...changes } })
  }

  it.each([
    ['an unknown key', app({ colour: 'red' }), 'colour'],
    ['a missing id', app({ id: undefined }), 'id'],
    ['origins that are no list', app({ origins: 'https://shop.example.com' }), 'origins'],
    ['an origin with a path', app({ origins: ['https://shop.example.com/shop'] }), 'origins'],
    ['an unknown kind of context', context({ kind: 'magic' }), 'kind'],
    ['an algorithm that is none', context({ algorithms: ['none'] }), 'algorithms'],
    ['an API key that is not hashed', app({ apiKeys: [API_KEY] }), 'apiKeys'],
    ['an action without an address', app({ actions: { orders: {} } }), 'url'],
    ['no apps', '{ "apps": "shop" }', 'apps'],
  ])('names the key of %s in one line and exits 2', async (_what, config, key) => {
    const { code, stdout, stderr } = await start(config)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(key)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr, 'a message may quote no secret').not.toContain(API_KEY)
  })

  it('says that the file is no JSON, or is not there', async () => {
    for (const result of [
      await start('{ "apps": ['),
      await runServerCommand(['--config', join(folder, 'missing.json'), '--port', '0']),
    ]) {
      expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(result.stderr).toContain('.json')
      expect(result.code).toBe(2)
    }
  })

  it('names the environment variable that a secret should come from', async () => {
    const config = context({ secret: { env: 'SHOP_TOKEN_SECRET' } })
    const { code, stderr } = await start(config)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('SHOP_TOKEN_SECRET')
    expect(code).toBe(2)
  })

  it('refuses an unknown flag and a port that is none', async () => {
    for (const [args, named] of [
      [['--prot', '0'], '--prot'],
      [['--port', 'http'], 'port'],
    ] as const) {
      const { code, stderr } = await runCommandHere(args)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(stderr).toContain(named)
      expect(code).toBe(2)
    }
  })
})

describe('the environment', () => {
  it('stands in for flags, and for secrets in the file', async () => {
    const key = randomBytes(24).toString('base64url')
    const { apps } = shopConfig() as { apps: [object] }
    const config = { apps: [{ ...apps[0], apiKeys: [{ env: 'SHOP_API_KEY' }] }] }
    const env = { SHOP_API_KEY: `sha256:${sha256(key)}`, CHAT_WIDGET_DEV: '1' }
    const server = await startServerHere(config, { env })
    onTestFinished(() => server.close())
    const list = await fetch(`${server.url}/v1/apps/shop/conversations`, {
      headers: { authorization: `Token ${key}` },
    })
    expect(list.status).toBe(200)
    expect(server.stdout()).toContain('agent: ')
  })
})

describe('agent add', () => {
  let server: ServerHere
  beforeAll(async () => {
    server = await startServerHere(shopConfig())
  })
  afterAll(() => server?.close())

  const add = (name: string, email: string) => ['agent', 'add', name, '--email', email, ...server.storageArgs]

  it('makes an account beside the running server and prints its password once', async () => {
    const { code, stdout, stderr } = await runServerCommand(add('Grace', 'grace@example.com'))
    expect(code, stderr).toBe(0)
    const password = printedPassword(stdout)
    expect(password, stdout).toMatch(/^\S{12,}$/)

    const cookie = await signInAgent(server.url, 'grace@example.com', password)
    const agent = await connectAgent(server.url, cookie)
    onTestFinished(() => {
      agent.disconnect()
    })
    expect(agent.connected).toBe(true)
    await expect(signInAgent(server.url, 'grace@example.com', `${password}x`)).rejects.toThrow('401')
  })

  it('refuses an email that is taken, whatever its case', async () => {
    expect((await runCommandHere(add('Alan', 'alan@example.com'))).code).toBe(0)
    const { code, stderr } = await runCommandHere(add('Alan', 'ALAN@example.com'))
    expect(code).not.toBe(0)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('what the log of a whole session holds', () => {
  it('is no secret', async () => {
    const server = await startServerHere(shopConfig(), { env: { LOG_LEVEL: 'trace' } })
    onTestFinished(() => server.close())
    const { email, password } = await addAgent(server)
    const cookie = await signInAgent(server.url, email, password)
    await expect(signInAgent(server.url, email, 'a wrong password')).rejects.toThrow()
    const agent = await connectAgent(server.url, cookie)
    const anonymous = await connectVisitor(server.url)
    await anonymous.send(crypto.randomUUID(), 'my private words')
    const token = await mintToken('ada')
    const other = await mintToken('bob')
    const authenticated = await anonymous.socket.emitWithAck('identity:authenticate', {
      userIdentifier: 'ada',
      context: { Auth: { Token: token } },
      mergePolicy: 'merge',
    })
    const mismatch = await anonymous.socket.emitWithAck('identity:authenticate', {
      userIdentifier: 'ada',
      context: { Auth: { Token: other } },
      mergePolicy: 'merge',
    })
    await fetch(`${server.url}/v1/apps/shop/conversations`, {
      headers: { authorization: `Token ${API_KEY}` },
    })
    agent.disconnect()
    anonymous.close()
    await server.close()

    expect(authenticated).toMatchObject({ ok: true, value: { session: { token: expect.any(String) } } })
    expect(mismatch).toMatchObject({ ok: false, error: { code: 'context-mismatch' } })
    const secrets = {
      password,
      wrong: 'a wrong password',
      cookie: cookie.split('=')[1] ?? '',
      anonymous: anonymous.ready.session?.token ?? '',
      identified: authenticated.ok ? (authenticated.value.session?.token ?? '') : '',
      token,
      other,
      signature: token.split('.')[2] ?? '',
      key: API_KEY,
      signing: SHOP_SECRET,
      text: 'my private words',
    }
    const log = server.stdout() + server.stderr()
    expect(log).toContain('listening on')
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).not.toBe('')
      expect(log.includes(secret), `${name} is in the log`).toBe(false)
    }
  })
})
