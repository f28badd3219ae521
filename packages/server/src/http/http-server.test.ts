import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { KEYS, startHttp } from './http-server.testing.ts'
import { createHttpServer } from './http-server.ts'

let server: Awaited<ReturnType<typeof startHttp>>
let log = ''
beforeAll(async () => {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk)
      done()
    },
  })
  server = await startHttp({
    logger: pino({ level: 'trace' }, stream),
    limits: { pingTimeoutMs: 30_000, pingEveryMs: 0 },
    ownFile: true,
  })
})
afterAll(() => server.stop())

const get = (url: string) => server.http.inject({ url })

it('is alive', async () => {
  expect((await get('/healthz')).statusCode).toBe(200)
})

it('[DL9] believes trusted proxies on other machines for whom they ask, and nobody else', async () => {
  const http = createHttpServer(pino({ level: 'silent' }), { trustedProxies: ['10.0.0.0/8'] })
  onTestFinished(() => http.close())
  http.get('/address', async ({ ip }) => ip)
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  const from = async (remoteAddress: string) =>
    (await http.inject({ url: '/address', remoteAddress, headers })).body
  expect(await from('10.1.2.3')).toBe('192.0.2.1')
  expect(await from('198.51.100.7')).toBe('198.51.100.7')
})

describe('ready', () => {
  it('while the database answers', async () => {
    expect((await get('/readyz')).statusCode).toBe(200)
    const { ping } = server.state
    server.state.ping = () => Promise.reject(new Error('gone: secret'))
    const gone = await get('/readyz')
    expect(gone.statusCode).toBe(503)
    expect(gone.json()).toEqual({ status: 'database-unavailable', reason: 'see the log' })
    server.state.ping = ping
    expect((await get('/readyz')).statusCode).toBe(200)
  })

  it('[DL11] with a warning while it does not hear another server on the database', async () => {
    server.state.unheardNodes = 1
    const answer = await get('/readyz')
    server.state.unheardNodes = 0
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      status: 'ready',
      warning: expect.stringContaining('--redis-url'),
      servers: 1,
    })
    expect((await get('/readyz')).json()).toEqual({ status: 'ready' })
  })

  it('[OP2] not while its file is away, and says so', async () => {
    const file = join(server.dataDir, 'chat.db')
    renameSync(file, `${file}.away`)
    const gone = await get('/readyz')
    renameSync(`${file}.away`, file)
    expect(gone.statusCode).toBe(503)
    expect(gone.json()).toEqual({
      status: 'database-unavailable',
      reason: 'the file was deleted or replaced while it was open; restart the server',
    })
    expect((await get('/readyz')).statusCode).toBe(200)
  })

  it('[OP2] asks the database once, however many ask', async () => {
    const slow = await startHttp({ limits: { pingEveryMs: 3_600_000 } })
    onTestFinished(() => slow.stop())
    let pings = 0
    const { ping } = slow.state
    slow.state.ping = () => {
      pings += 1
      return ping()
    }
    const ask = () => slow.http.inject({ url: '/readyz' })
    const answers = [...(await Promise.all([ask(), ask(), ask()])), await ask()]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    expect(pings).toBe(1)
  })

  it('not while the database is silent', async () => {
    // A server of its own: with this limit a healthy database would have to answer in 50 ms too.
    const hasty = await startHttp({ limits: { pingTimeoutMs: 50 } })
    onTestFinished(() => hasty.stop())
    hasty.state.ping = () => new Promise<void>(() => undefined)
    const silent = await hasty.http.inject({ url: '/readyz' })
    expect([silent.statusCode, silent.json().reason]).toEqual([503, 'it does not answer in time'])
  })

  it('not while draining', async () => {
    server.state.draining = true
    expect((await get('/readyz')).statusCode).toBe(503)
    expect((await get('/healthz')).statusCode).toBe(200)
    server.state.draining = false
  })
})

it('counts for Prometheus, by route and not by address', async () => {
  await get('/v1/apps/shop/conversations/5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001/messages')
  const { body, headers } = await get('/metrics')
  expect(headers['content-type']).toContain('text/plain')
  expect(body).toContain('chat_sockets{kind="visitor"} 3')
  expect(body).toContain('chat_sockets{kind="agent"} 2')
  expect(body).toContain('chat_clients{release="0.1.0"} 5')
  expect(body).toContain('chat_broker_connected 1')
  expect(body).toContain('chat_bot_deliveries_pending 1')
  expect(body).toContain('chat_jobs{kind="upkeep",state="pending"} 1')
  expect(body).toContain('chat_jobs{kind="upkeep",state="failed"} 2')
  expect(body).toContain('process_cpu_seconds_total')
  expect(body).toContain(
    'http_request_duration_seconds_count{method="GET",route="/v1/apps/:app/conversations/:id/messages",status="401"} 1',
  )
  expect(body).not.toContain('5f0c8a34')
})

it('describes its REST interface', async () => {
  const document = (await get('/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(document.info.version).toBe('1.2.3')
  expect(Object.keys(document.paths).sort()).toEqual([
    '/console/session',
    '/console/sign-in',
    '/v1/apps/{app}/authentication-request-events',
    '/v1/apps/{app}/authentication-request/',
    '/v1/apps/{app}/authentication-request/{id}',
    '/v1/apps/{app}/authentication-request/{id}/cancel',
    '/v1/apps/{app}/authentication-requests/forget',
    '/v1/apps/{app}/conversations',
    '/v1/apps/{app}/conversations/{id}/close',
    '/v1/apps/{app}/conversations/{id}/files',
    '/v1/apps/{app}/conversations/{id}/handler',
    '/v1/apps/{app}/conversations/{id}/messages',
    '/v1/apps/{app}/conversations/{id}/messages/{seq}',
    '/v1/apps/{app}/conversations/{id}/transcript',
    '/v1/apps/{app}/files/{id}',
    '/v1/apps/{app}/muted-addressees',
    '/v1/apps/{app}/muted-addressees/unmute',
    '/v1/apps/{app}/users/erase',
    '/v1/apps/{app}/users/export',
    '/v1/authentication-request/',
    '/v1/authentication-request/{id}',
    '/v1/authentication-request/{id}/cancel',
  ])
  const post = document.paths['/v1/apps/{app}/conversations/{id}/messages'].post
  expect(post.security).toEqual([{ apiKey: [] }])
  expect(JSON.stringify(post.requestBody)).toContain('client_id')
  expect(Object.keys(post.responses).sort()).toEqual([
    '201',
    '400',
    '401',
    '404',
    '409',
    '413',
    '415',
    '429',
    '503',
  ])
})

it('has security headers on every answer', async () => {
  for (const url of ['/healthz', '/nowhere', '/chat-widget.js', '/console/', '/v1/apps/shop/conversations'])
    expect((await get(url)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    })
})

it('answers an unknown address in the one form of errors', async () => {
  const response = await get('/nowhere')
  expect(response.statusCode).toBe(404)
  expect(response.json()).toEqual({ error: { code: 'not-found', message: expect.any(String) } })
})

it('logs neither keys, cookies, passwords nor query strings', async () => {
  log = ''
  server.failWith(new Error('broken'))
  await server.http.inject({
    url: '/v1/apps/shop/conversations?cursor=in-the-query',
    headers: { authorization: `Token ${KEYS.shop}`, cookie: 'chat_console=in-the-cookie' },
  })
  await server.http.inject({
    method: 'POST',
    url: '/console/session?in-the-query',
    payload: { email: 'a@example.com', password: 'in-the-body' },
  })
  expect(log).toContain('request failed')
  expect(log).toContain('answered')
  for (const secret of [KEYS.shop, 'in-the-query', 'in-the-cookie', 'in-the-body'])
    expect(log).not.toContain(secret)
})
