/** SIGHUP: the running command reads its configuration again. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Authenticated } from '@chat-widget/protocol'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
// Loaded here: the command loads it when it runs, and the first load takes longer than the test waits.
import '../chat-server.ts'
import { openVisitor, type TestDevice } from '../realtime/test-device.testing.ts'
import { freshData } from '../storage/fresh-database.testing.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

const OLD = 'the secret of before, 32 bytes long'
const NEW = 'the secret from now on, 32 bytes too'
const hash = (key: string) => `sha256:${createHash('sha256').update(key).digest('hex')}`
const shop = (changes: object = {}, secret: string | readonly string[] = OLD) => ({
  id: 'shop',
  origins: ['https://old.example.com'],
  apiKeys: [hash('old')],
  context: { kind: 'jwt', algorithms: ['HS256'], secret, issuer: 'shop', audience: 'chat' },
  ...changes,
})

let folder: string
let running: Awaited<ReturnType<typeof start>>
const devices: TestDevice[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-reload-'))
  await freshData(join(folder, 'data'))
  running = await start()
})
afterEach(async () => {
  for (const device of devices.splice(0)) device.close()
  running.signal('SIGTERM')
  expect(await running.done).toBe(0)
  rmSync(folder, { recursive: true })
})

const write = (file: object) => writeFileSync(join(folder, 'chat.json'), JSON.stringify(file))

async function start() {
  write({ apps: [shop()] })
  const test = createTestTerminal({ env: { LOG_LEVEL: 'info' } })
  const argv = ['--config', join(folder, 'chat.json'), '--port', '0', '--data', join(folder, 'data')]
  const done = main(argv, test.terminal)
  const listening = /listening on (\S+)/
  await vi.waitFor(() => expect(test.out()).toMatch(listening))
  const logged = () =>
    test
      .err()
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { ...test, done, url: listening.exec(test.out())?.[1] ?? '', logged }
}

/** Reloads with this file. */
async function reload(file: object) {
  const before = running.logged().length
  write(file)
  running.signal('SIGHUP')
  await vi.waitFor(() => expect(running.logged().length).toBeGreaterThan(before))
  return running.logged().slice(before)
}

const list = async (app: string, key: string) => {
  const headers = { authorization: `Token ${key}` }
  return (await fetch(`${running.url}/v1/apps/${app}/conversations`, { headers })).status
}
async function connect(auth: object = {}, origin = 'https://old.example.com') {
  const { device } = await openVisitor(
    running.url,
    { intent: 'identify', ...auth },
    { extraHeaders: { origin } },
  )
  devices.push(device)
  return device
}
const claim = async (secret: string) => ({
  userIdentifier: 'ada',
  context: {
    Auth: {
      Token: await new SignJWT({ sub: 'ada' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('shop')
        .setAudience('chat')
        .setExpirationTime('10m')
        .sign(new TextEncoder().encode(secret)),
    },
  },
  mergePolicy: 'merge',
})

it('[OP4] changes how agents sign in', async () => {
  const methods = async () => (await fetch(`${running.url}/console/sign-in`)).json()
  expect(await methods()).toEqual({ passwords: 'all', issuer: null })
  const issuer = {
    name: 'Northwind',
    url: 'https://id.example.com',
    clientId: 'chat',
    clientSecret: 'secret',
  }
  const [told] = await reload({ apps: [shop()], signIn: { passwords: 'owners', issuer } })
  expect(told.msg).toBe('the configuration was read again')
  expect(await methods()).toEqual({ passwords: 'owners', issuer: { name: 'Northwind' } })
  const [refused] = await reload({
    apps: [shop()],
    signIn: { issuer: { ...issuer, url: 'http://id.example.com' } },
  })
  expect(refused.msg).toContain('signIn.issuer.url: must be https; nothing has changed')
  expect(await methods()).toMatchObject({ passwords: 'owners' })
  await reload({ apps: [shop()] })
  expect(await methods()).toEqual({ passwords: 'all', issuer: null })
})

it('[OP4] SIGHUP changes apps, origins, keys and secrets of a running server, also for who is connected', async () => {
  const device = await connect()
  const [told] = await reload({
    apps: [
      shop({ origins: ['https://old.example.com', 'https://new.example.com'], apiKeys: [hash('new')] }, NEW),
      shop({ id: 'blog', apiKeys: [hash('blog')] }),
    ],
  })
  expect(told.msg).toBe('the configuration was read again')
  expect([await list('shop', 'old'), await list('shop', 'new'), await list('blog', 'blog')]).toEqual([
    401, 200, 200,
  ])
  await connect({}, 'https://new.example.com')
  await connect({ app: 'blog' })
  expect((await device.refusal('identity:authenticate', await claim(OLD))).code).toBe('context-invalid')
  const { identity } = await device.ask<Authenticated>('identity:authenticate', await claim(NEW))
  expect(identity).toMatchObject({ userIdentifier: 'ada' })

  await reload({ apps: [shop()] })
  expect([await list('shop', 'old'), await list('blog', 'blog')]).toEqual([200, 401])
  await expect(connect({ app: 'blog' })).rejects.toMatchObject({ data: { code: 'unknown-app' } })
})

it('[OP4] SIGHUP cuts whoever would not be let in any more, who then is told why', async () => {
  const cut = (device: TestDevice) => new Promise((resolve) => device.socket.once('disconnect', resolve))
  const origins = ['https://new.example.com']
  const ofOrigin = cut(await connect())
  await reload({ apps: [shop({ origins })] })
  await ofOrigin
  await expect(connect()).rejects.toMatchObject({ data: { code: 'origin-refused' } })
  const ofApp = cut(await connect({}, 'https://new.example.com'))
  await reload({ apps: [shop({ id: 'blog', origins })] })
  await ofApp
  await expect(connect({}, 'https://new.example.com')).rejects.toMatchObject({
    data: { code: 'unknown-app' },
  })
})

it('[OP6] SIGHUP replaces a secret in steps: both are accepted meanwhile', async () => {
  const device = await connect()
  await reload({ apps: [shop({ apiKeys: [hash('new'), hash('old')] }, [NEW, OLD])] })
  await device.ask<Authenticated>('identity:authenticate', await claim(OLD))
  await device.ask<Authenticated>('identity:authenticate', await claim(NEW))
  expect([await list('shop', 'old'), await list('shop', 'new')]).toEqual([200, 200])
  await reload({ apps: [shop({ apiKeys: [hash('new')] }, [NEW])] })
  expect((await device.refusal('identity:authenticate', await claim(OLD))).code).toBe('context-invalid')
  expect([await list('shop', 'old'), await list('shop', 'new')]).toEqual([401, 200])
})

it('[OP4] SIGHUP with several mistakes names each in its line of the log', async () => {
  const [told] = await reload({ apps: [shop({ origins: ['*'], colour: 'red' })] })
  expect(told.msg).toMatch(
    /apps\[0\]\.origins\[0\]: .*; configuration: apps\[0\]\.colour: unknown key; nothing has changed$/,
  )
})

it('[OP4] SIGHUP leaves connected whoever is still let in', async () => {
  const device = await connect()
  const gone = vi.fn()
  device.socket.on('disconnect', gone)
  await reload({ apps: [shop({}, NEW)] })
  await device.ask<Authenticated>('identity:authenticate', await claim(NEW))
  expect(gone).not.toHaveBeenCalled()
})

it.each([
  ['a bad key', { apps: [shop({ origins: ['*'] })] }, 'configuration: apps[0].origins[0]: '],
  [
    'another provider',
    {
      apps: [
        shop({
          authenticationRequests: { provider: { kind: 'forward', url: 'https://ask.example.com', app: 'a' } },
        }),
      ],
    },
    'configuration: apps[0].authenticationRequests.provider: takes effect at the next start',
  ],
])('[OP4] SIGHUP with %s changes nothing and says why', async (_title, file, problem) => {
  const [told] = await reload({ apps: [...file.apps, shop({ id: 'blog' })] })
  expect(told.level).toBe(50)
  expect(told.msg).toContain(problem)
  expect(told.msg).toMatch(/; nothing has changed$/)
  expect([await list('shop', 'old'), await list('blog', 'old')]).toEqual([200, 401])
})

it('[OP4] SIGHUP names what takes effect at the next start', async () => {
  const files = { folder: join(folder, 'elsewhere') }
  const told = await reload({ apps: [shop()], publicUrl: 'https://chat.example.com', files })
  expect(told.at(-1)).toMatchObject({ waiting: ['publicUrl', 'files'] })
})

it('[OP4] SIGHUP drains a server that has no file', async () => {
  const test = createTestTerminal()
  const done = main(['--dev', '--port', '0', '--data', join(folder, 'dev')], test.terminal)
  await vi.waitFor(() => expect(test.out()).toMatch(/listening on/))
  test.signal('SIGHUP')
  expect(await done).toBe(0)
})
