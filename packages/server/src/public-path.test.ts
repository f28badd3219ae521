/** A server whose `publicUrl` has a path, as a proxy reaches it that passes the path on. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AGENT_NAMESPACE, PROTOCOL_VERSION, VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestDelivery } from './authentication-requests/authentication-requests.ts'
import { type ChatServer, createChatServer } from './chat-server.ts'

const KEY = 'an-api-key'
const AGENT = { name: 'Robin', email: 'robin@example.com', password: 'correct horse battery' }

let folder: string
let server: ChatServer
/** `http://127.0.0.1:PORT`, and the same with the path. */
let root: string
let base: string
const links: string[] = []
const delivery: RequestDelivery = {
  async deliver({ link }) {
    links.push(link)
  },
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-path-'))
  for (const [name, file] of [
    ['widget', 'chat-widget.js'],
    ['widget', 'assets/engine-1234abcd.js'],
    ['console', 'index.html'],
    ['authenticator', 'index.html'],
  ] as const) {
    mkdirSync(join(folder, name, 'assets'), { recursive: true })
    writeFileSync(join(folder, name, file), 'built')
  }
  server = await createChatServer({
    apps: [
      {
        id: 'shop',
        origins: ['http://localhost:*'],
        apiKeyHashes: [createHash('sha256').update(KEY).digest('hex')],
        login: { methods: ['email'], continueAsGuest: true },
      },
    ],
    publicUrl: 'https://example.com/support/chat/',
    port: 0,
    delivery,
    dataDir: join(folder, 'data'),
    widgetDir: join(folder, 'widget'),
    consoleDir: join(folder, 'console'),
    authenticatorDir: join(folder, 'authenticator'),
  })
  root = await server.listen()
  base = `${root}/support/chat`
  await server.agents.add(AGENT)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const connect = (
  path: string,
  namespace: string,
  { transport = 'websocket', ...options }: { transport?: string; auth?: object; cookie?: string } = {},
) => {
  const socket = io(root + namespace, {
    path: `${path}/socket.io`,
    auth: { protocolVersion: PROTOCOL_VERSION, ...options.auth },
    transports: [transport],
    extraHeaders: options.cookie === undefined ? {} : { cookie: options.cookie },
    reconnection: false,
    forceNew: true,
  })
  return {
    socket,
    connected: new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    }),
  }
}

const signIn = () =>
  fetch(`${base}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: root },
    body: JSON.stringify({ email: AGENT.email, password: AGENT.password }),
  })

describe('[OP5] a server below a path', () => {
  it.each([
    '/chat-widget.js',
    '/assets/engine-1234abcd.js',
    '/console/',
    '/authenticator/',
    '/openapi.json',
    '/.well-known/jwks.json',
    '/healthz',
    '/readyz',
    '/metrics',
    '/healthz?verbose',
  ])('answers %s', async (path) => {
    expect((await fetch(base + path)).status).toBe(200)
  })

  it.each([
    '/chat-widget.js',
    '/console/',
    '/support/chat',
    '/support/chatter/healthz',
    '/support/healthz',
    '/support/chat/support/chat/healthz',
    '/..',
    '/v1/apps/shop/conversations',
  ])('has nothing at %s, outside', async (path) => {
    const answer = await fetch(root + path, { headers: { authorization: `Token ${KEY}` } })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'not-found' } })
  })

  it.each(['/healthz', '/readyz', '/metrics'])(
    'answers %s without the path, for checks on the machine',
    async (path) => {
      expect((await fetch(root + path)).status).toBe(200)
    },
  )

  it.each(['websocket', 'polling'])('takes sockets by %s there and nowhere else', async (transport) => {
    const visitor = { transport, auth: { app: 'shop', intent: 'anonymous' } }
    const { socket, connected } = connect('/support/chat', VISITOR_NAMESPACE, visitor)
    await connected
    socket.close()
    const outside = connect('', VISITOR_NAMESPACE, visitor)
    await expect(outside.connected).rejects.toThrow()
    outside.socket.close()
  })

  it.each(['console', 'authenticator'])('leads from %s without a slash to the page', async (name) => {
    const answer = await fetch(`${base}/${name}`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(
      new URL(answer.headers.get('location') ?? '', `https://example.com/support/chat/${name}`).href,
    ).toBe(`https://example.com/support/chat/${name}/`)
  })

  it('[OP5] [AG10] comes back from a single sign-on to its own console', async () => {
    server.setSignIn({
      passwords: 'all',
      issuer: {
        ...{ name: 'Northwind', url: 'http://127.0.0.1:9', scopes: ['openid'] },
        ...{ clientId: 'chat', clientSecret: 'secret' },
      },
    })
    const answer = await fetch(`${base}/console/oidc/start`, { redirect: 'manual' })
    expect(answer.headers.get('location')).toBe('/support/chat/console/#/sign-in/unreachable')
  })

  it('signs agents in by a cookie for its own path, which opens their socket', async () => {
    const answer = await signIn()
    expect(answer.status).toBe(200)
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; Path=\/support\/chat\/;/)
    const { socket, connected } = connect('/support/chat', AGENT_NAMESPACE, {
      cookie: cookie.split(';')[0] ?? '',
    })
    await connected
    socket.close()
  })

  it('takes REST calls, and names its address in the OpenAPI document', async () => {
    const answer = await fetch(`${base}/v1/apps/shop/conversations/`, {
      headers: { authorization: `Token ${KEY}` },
    })
    expect(answer.status).toBe(200)
    const document: unknown = await (await fetch(`${base}/openapi.json`)).json()
    expect(document).toMatchObject({ servers: [{ url: 'https://example.com/support/chat' }] })
  })

  it('sends links to its approval page, whose stylesheet and form are below the path', async () => {
    await fetch(`${base}/v1/authentication-request/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: 'ann@example.com',
        application_title: 'Shop',
        authentication_request_id: randomUUID(),
        wait_for_response: 0,
      }),
    })
    await expect.poll(() => links).toHaveLength(1)
    const [link = ''] = links
    expect(link).toMatch(/^https:\/\/example\.com\/support\/chat\/a\//)
    const page = await (await fetch(root + new URL(link).pathname)).text()
    const [, stylesheet = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(page) ?? []
    expect(stylesheet).toMatch(/^\/support\/chat\/a\/approval-/)
    expect((await fetch(root + stylesheet)).headers.get('content-type')).toContain('text/css')
    expect(page).not.toMatch(/action="/)
  })
})
