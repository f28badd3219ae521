import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Authenticated, ConversationId, Message, Ready, Result } from '@chat-widget/protocol'
import { AGENT_NAMESPACE, PROTOCOL_VERSION, VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ChatServer, createChatServer } from './chat-server.ts'
import type { ChatServerOptions } from './chat-server-options.ts'
import type { VerifyContext } from './identity/function-verifier.ts'
import { freshData } from './storage/fresh-database.testing.ts'

const KEY = 'an-api-key'
const APP = {
  id: 'shop',
  origins: ['http://localhost:*'],
  apiKeyHashes: [createHash('sha256').update(KEY).digest('hex')],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-server-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: Partial<ChatServerOptions> = {}) {
  const dataDir = join(folder, randomUUID())
  if (options.dataDir === undefined) await freshData(dataDir)
  const server = await createChatServer({ apps: [APP], port: 0, dataDir, ...options })
  cleanups.push(() => server.close())
  return { server, address: await server.listen() }
}

function connect(
  address: string,
  namespace: string,
  auth: object,
  headers: Record<string, string> = {},
): Socket {
  const socket = io(address + namespace, {
    auth: { protocolVersion: PROTOCOL_VERSION, ...auth },
    transports: ['websocket'],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  })
  cleanups.push(() => {
    socket.close()
  })
  return socket
}
const next = <Value>(socket: Socket, event: string) =>
  new Promise<Value>((resolve, reject) => {
    socket.once(event, resolve)
    socket.once('connect_error', reject)
  })

const rest = (address: string, path: string, init: RequestInit = {}) =>
  fetch(`${address}/v1/apps/shop/conversations${path}`, {
    ...init,
    headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json' },
  })

it('[DL4] brings visitor, agent and REST together over one conversation', async () => {
  const { server, address } = await start()
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(server.address).toBe(address)

  const visitor = connect(address, VISITOR_NAMESPACE, { app: 'shop', intent: 'anonymous' })
  const ready = await next<Ready>(visitor, 'ready')
  const conversationId = ready.conversation!.id
  const sent: Result<Message> = await visitor.emitWithAck('message:send', {
    conversationId,
    clientId: randomUUID(),
    text: 'hello',
  })
  expect(sent).toMatchObject({ ok: true, value: { seq: 1 } })

  const listed = await (await rest(address, '')).json()
  expect(listed.conversations).toMatchObject([{ id: conversationId, lastMessage: { text: 'hello' } }])

  const heard = next<Message>(visitor, 'message')
  const clientId = randomUUID()
  const body = JSON.stringify({ text: 'from REST', client_id: clientId })
  const posted = await rest(address, `/${conversationId}/messages`, { method: 'POST', body })
  expect(posted.status).toBe(201)
  expect(await heard).toMatchObject({ seq: 2, text: 'from REST' })
  const again = await rest(address, `/${conversationId}/messages`, { method: 'POST', body })
  expect((await again.json()).message.seq).toBe(2)

  const credentials = { email: 'ana@example.com', password: 'a good password' }
  await server.agents.add({ name: 'Ana', ...credentials })
  const signedIn = await fetch(`${address}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  })
  const [cookie = ''] = signedIn.headers.getSetCookie()[0]!.split(';')
  const agent = connect(address, AGENT_NAMESPACE, {}, { cookie })
  expect(await next(agent, 'ready')).toMatchObject({ agent: { name: 'Ana' }, apps: [{ id: 'shop' }] })

  const closed = await rest(address, `/${conversationId}/close`, { method: 'POST', body: '{}' })
  expect((await closed.json()).conversation.status).toBe('closed')
  const metrics = await (await fetch(`${address}/metrics`)).text()
  expect(metrics).toContain('chat_sockets{kind="visitor"} 1')
  expect(metrics).toContain('chat_sockets{kind="agent"} 1')
})

it('finishes a running request when it is closed, and takes no new one', async () => {
  const { server, address } = await start()
  const running = request(`${address}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  })
  const answered = new Promise<number | undefined>((resolve, reject) => {
    running.once('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    running.once('error', reject)
  })
  running.write('{"email":"nobody@example.com",')
  // An answer on a second connection shows that the first request has been read.
  expect((await fetch(`${address}/readyz`)).status).toBe(200)

  const closing = server.close()
  expect(server.close()).toBe(closing)
  running.end('"password":"wrong"}')
  expect(await answered).toBe(401)
  await closing
  await expect(fetch(`${address}/readyz`)).rejects.toThrow()
})

it('closes with sockets connected', async () => {
  const { server, address } = await start()
  const visitor = connect(address, VISITOR_NAMESPACE, { app: 'shop', intent: 'anonymous' })
  await next(visitor, 'ready')
  const gone = next(visitor, 'disconnect')
  await server.close()
  await gone
})

it('keeps what it stored', async () => {
  const dataDir = join(folder, 'kept')
  const first = await start({ dataDir })
  await first.server.agents.add({ name: 'Ana', email: 'ana@example.com', password: 'a good password' })
  await first.server.close()
  const second = await start({ dataDir })
  expect(await second.server.agents.signIn('ana@example.com', 'a good password')).not.toBeNull()
})

it('[ID9] lets an application verify contexts itself', async () => {
  const verifyContext: VerifyContext = async ({ userIdentifier, context }) =>
    context.key === 'right' ? { userIdentifier, expiresAt: Date.now() + 60_000 } : null
  const { address } = await start({ apps: [{ ...APP, verifyContext }] })
  const visitor = connect(address, VISITOR_NAMESPACE, { app: 'shop', intent: 'identify' })
  await next(visitor, 'ready')
  const authenticate = (context: object): Promise<Result<Authenticated>> =>
    visitor.emitWithAck('identity:authenticate', { userIdentifier: 'ada', context, mergePolicy: 'merge' })
  expect(await authenticate({ key: 'wrong' })).toMatchObject({ error: { code: 'context-invalid' } })
  expect(await authenticate({ key: 'right' })).toMatchObject({
    value: { identity: { status: 'identified', userIdentifier: 'ada' } },
  })
})

it('[ID9] shows agents what the application’s own function proved, and REST nothing of it', async () => {
  const verifyContext: VerifyContext = ({ userIdentifier }) => ({
    userIdentifier,
    expiresAt: null,
    claims: { customer: { name: 'Ada' } },
  })
  const display = { Name: { claim: 'customer.name' }, Plan: { context: 'plan' } }
  const { server, address } = await start({ apps: [{ ...APP, verifyContext, display }] })
  const device = connect(address, VISITOR_NAMESPACE, { app: 'shop', intent: 'identify' })
  await next(device, 'ready')
  const answer: Result<Authenticated> = await device.emitWithAck('identity:authenticate', {
    userIdentifier: 'ada',
    context: { plan: 'gold', customer: { name: 'Mallory' } },
    mergePolicy: 'merge',
  })
  const { id } = answer.ok ? answer.value.conversation : { id: '' }
  await device.emitWithAck('message:send', { conversationId: id, clientId: randomUUID(), text: 'hi' })
  expect(await server.conversations.summary(id as ConversationId)).toMatchObject({
    visitor: {
      claims: [
        { label: 'Name', value: 'Ada', verified: true },
        { label: 'Plan', value: 'gold', verified: false },
      ],
    },
  })
  const listed = await (await rest(address, '')).json()
  const closed = await (await rest(address, `/${id}/close`, { method: 'POST', body: '{}' })).json()
  for (const { visitor } of [...listed.conversations, closed.conversation])
    expect(visitor).toEqual({ verified: true, userIdentifier: 'ada' })
})

it('checks its options as it checks a file', async () => {
  const dataDir = join(folder, 'never-made')
  const context = { kind: 'introspect', url: 'http://127.0.0.1/verify' } as const
  const bad: [ChatServerOptions, string][] = [
    [{ apps: [], dataDir }, 'apps'],
    [{ apps: [{ ...APP, origins: ['*'] }], dataDir }, 'apps[0].origins[0]'],
    [{ apps: [APP, APP], dataDir }, 'apps[1].id'],
    [{ apps: [{ ...APP, verifyContext: 'ada' as never }], dataDir }, 'apps[0].verifyContext'],
    [{ apps: [{ ...APP, context, verifyContext: () => null }], dataDir }, 'apps[0].verifyContext'],
    [{ apps: [{ ...APP, display: { Name: { claim: 'name' } } }], dataDir }, 'apps[0].display'],
    [
      { apps: [{ ...APP, context: { ...context, display: { A: {} as never } } }], dataDir },
      'apps[0].context.display.A.claim',
    ],
    ...['Auth.Token', 'Auth', ''].map((path): [ChatServerOptions, string] => {
      const display = { Name: { context: path } }
      return [
        { apps: [{ ...APP, display, verifyContext: () => null }], dataDir },
        'apps[0].display.Name.context',
      ]
    }),
  ]
  for (const [options, key] of bad)
    await expect(createChatServer(options)).rejects.toMatchObject({ name: 'ConfigurationError', key })
  expect(existsSync(dataDir)).toBe(false)
})

it('lets go of everything when the port is busy', async () => {
  const { address } = await start()
  const dataDir = join(folder, 'busy')
  const second: ChatServer = await createChatServer({
    apps: [APP],
    port: Number(new URL(address).port),
    dataDir,
  })
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await second.close()
  const third = await start({ dataDir })
  expect(third.address).toMatch(/^http:/)
})

it('with dev and no mail server, mail is shown at /dev/mailbox; else there is no such page', async () => {
  const mail = { smtpUrl: 'smtp://127.0.0.1:1', from: 'chat@shop.example.com' }
  for (const [options, status] of [
    [{ dev: true }, 200],
    [{ dev: true, mail }, 404],
    [{ mail }, 404],
    [{}, 404],
  ] as const) {
    const { address } = await start(options)
    for (const path of ['/dev/mailbox', '/dev/mailbox.json'])
      expect((await fetch(address + path)).status, JSON.stringify(options)).toBe(status)
  }
})

it('with dev, the address itself is a page to try the chat on; else there is no such page', async () => {
  const { address } = await start({ dev: true, apps: [{ ...APP, origins: ['http://127.0.0.1:*'] }] })
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const page = await response.text()
  expect(page).toContain(`&lt;script async src="${address}/embed.js" data-app="shop"&gt;`)
  expect(page).toContain('<chat-widget app="shop" open>')
  expect((await fetch((await start({})).address)).status).toBe(404)
})

it('with dev, an app that is for other sites alone says what to add, and shows no chat', async () => {
  const { address } = await start({ dev: true, apps: [{ ...APP, origins: ['https://shop.example.com'] }] })
  const page = await (await fetch(address)).text()
  expect(page).toContain(`add <code>${address}</code> to the <code>origins</code>`)
  expect(page).not.toContain('<chat-widget app')
  expect(page).not.toContain('localhost')
})

it('with dev, an app that is for this machine says where to open the page', async () => {
  const { address } = await start({ dev: true, apps: [{ ...APP, origins: ['http://localhost:*'] }] })
  const page = await (await fetch(address)).text()
  expect(page).toContain(`add <code>${address}</code> to the <code>origins</code>`)
  const { port } = new URL(address)
  expect(page).toContain(`or open <a href="http://localhost:${port}/">http://localhost:${port}</a>`)
})

const DEVICES = 1_000
/** Far more than needed. */
const LONGEST_MS = 20_000

/** Opens connections in a thread of its own, and counts those that the operating system accepted. */
const CONNECTING = `
  const { workerData: { counted, port, devices } } = require('node:worker_threads')
  for (let n = 0; n < devices; n += 1)
    require('node:net').connect(port, '127.0.0.1').on('error', () => {}).once('connect', () => {
      Atomics.add(counted, 0, 1)
      Atomics.notify(counted, 0)
    })
  setInterval(() => {}, 1_000)`

it('[DL9] devices that come back at once are connected before any of them is looked at', async () => {
  const { address } = await start()
  const counted = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { counted, port: new URL(address).port, devices: DEVICES }
  const worker = new Worker(CONNECTING, { eval: true, workerData })
  cleanups.push(async () => void (await worker.terminate()))
  await new Promise((resolve) => worker.once('online', resolve))
  // The server runs in this thread: while it is busy, nothing is accepted.
  const until = performance.now() + LONGEST_MS
  for (let known = 0; known < DEVICES && performance.now() < until; known = Atomics.load(counted, 0))
    Atomics.wait(counted, 0, known, 50)
  expect(Atomics.load(counted, 0)).toBe(DEVICES)
})
