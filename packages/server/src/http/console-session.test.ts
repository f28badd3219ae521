import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttp } from './http-server.testing.ts'

const PASSWORD = 'correct horse battery'
const ana = { email: 'ana@example.com', password: PASSWORD }
const HOST = 'chat.example.com'

let server: Awaited<ReturnType<typeof startHttp>>
beforeAll(async () => {
  server = await startHttp({ limits: { signInsPerMinute: 1000 } })
  await server.agents.add({ name: 'Ana', ...ana })
})
afterAll(() => server.stop())

const request = (
  method: 'GET' | 'POST' | 'DELETE',
  options: { payload?: object; cookie?: string; origin?: string | undefined; headers?: object } = {},
) =>
  server.http.inject({
    method,
    url: '/console/session',
    headers: {
      host: HOST,
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      ...(options.cookie === undefined ? {} : { cookie: `chat_console=${options.cookie}` }),
      ...options.headers,
    },
    ...(options.payload === undefined ? {} : { payload: options.payload }),
  })
const signIn = (origin = `http://${HOST}`) => request('POST', { payload: ana, origin })

it('signs in by a cookie that scripts cannot read and other sites cannot send', async () => {
  const response = await signIn()
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({
    agent: { id: expect.any(String), name: 'Ana', email: ana.email, role: 'owner' },
  })
  const [cookie] = response.cookies
  expect(cookie).toMatchObject({ name: 'chat_console', path: '/', httpOnly: true, sameSite: 'Strict' })
  expect(cookie).not.toHaveProperty('secure')
  expect(cookie!.value).toHaveLength(43)
  const hours = (cookie!.expires!.getTime() - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(11.9)
  expect(hours).toBeLessThanOrEqual(12)

  const who = await request('GET', { cookie: cookie!.value })
  expect(who.json()).toMatchObject({ agent: { name: 'Ana' } })
})

it('has a Secure cookie where the page came by https', async () => {
  expect((await signIn(`https://${HOST}`)).cookies[0]).toMatchObject({ secure: true })
})

it('signs out for good', async () => {
  const cookie = (await signIn()).cookies[0]!.value
  const out = await request('DELETE', { cookie, origin: `http://${HOST}` })
  expect(out.statusCode).toBe(204)
  expect(out.cookies[0]).toMatchObject({ name: 'chat_console', value: '' })
  expect((await request('GET', { cookie })).statusCode).toBe(401)
})

it('has the same answer for a wrong password and an unknown email', async () => {
  const wrong = await request('POST', { payload: { ...ana, password: 'wrong' } })
  const unknown = await request('POST', { payload: { email: 'nobody@example.com', password: PASSWORD } })
  expect([wrong.statusCode, wrong.json().error.code]).toEqual([401, 'unauthenticated'])
  expect(unknown.statusCode).toBe(401)
  expect(unknown.body).toBe(wrong.body)
  expect(wrong.cookies).toEqual([])
})

it('knows nobody without a cookie, or by a made-up one', async () => {
  expect((await request('GET')).statusCode).toBe(401)
  expect((await request('GET', { cookie: 'x'.repeat(43) })).statusCode).toBe(401)
})

describe('another site', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: `http://${HOST}:81` }],
    ['an opaque origin', { origin: 'null' }],
    ['no origin, but a browser’s cross-site mark', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ])('%s can neither sign in nor out', async (_title, from) => {
    const cookie = (await signIn()).cookies[0]!.value
    for (const attempt of [
      request('POST', { payload: ana, ...from }),
      request('DELETE', { cookie, ...from }),
    ]) {
      const response = await attempt
      expect([response.statusCode, response.json().error.code]).toEqual([403, 'origin-refused'])
    }
    expect((await request('GET', { cookie })).statusCode).toBe(200)
  })
})

it('refuses an unknown key by name', async () => {
  const response = await request('POST', { payload: { ...ana, admin: true } })
  expect(response.statusCode).toBe(400)
  expect(response.json().error.message).toBe('admin: unknown key')
})

it('[DL9] limits guesses of one account from many addresses, and its owner goes on', async () => {
  const limited = await startHttp({ limits: { signInsPerMinute: 1_000 } })
  try {
    await limited.agents.add({ name: 'Ana', ...ana })
    const attempt = async (password: string, address: string, email = ana.email) => {
      const response = await limited.http.inject({
        method: 'POST',
        url: '/console/session',
        headers: { 'x-forwarded-for': address },
        payload: { ...ana, email, password },
      })
      return response.statusCode
    }
    expect(await attempt(PASSWORD, '192.0.2.1')).toBe(200)
    const guesses: number[] = []
    for (let n = 0; n < 14; n += 1) guesses.push(await attempt('wrong', `198.51.100.${n}`))
    expect(guesses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)])
    // The address counts in any spelling.
    expect(await attempt('wrong', '203.0.113.1', ana.email.toUpperCase())).toBe(429)
    expect(await attempt(PASSWORD, '192.0.2.1')).toBe(200)
    expect(await attempt('wrong', '203.0.113.2', 'somebody@else.example')).toBe(401)
  } finally {
    await limited.stop()
  }
})

it('makes an address wait after too many attempts, and no other', async () => {
  const limited = await startHttp({ limits: { signInsPerMinute: 2 } })
  try {
    await limited.agents.add({ name: 'Ana', ...ana })
    const attempt = (password: string, address = '192.0.2.1') =>
      limited.http.inject({
        method: 'POST',
        url: '/console/session',
        headers: { 'x-forwarded-for': address },
        payload: { ...ana, password },
      })
    const statuses: number[] = []
    for (let i = 0; i < 4; i += 1) statuses.push((await attempt('wrong')).statusCode)
    expect(statuses).toEqual([401, 401, 429, 429])
    const waiting = await attempt(PASSWORD)
    expect([waiting.statusCode, waiting.json().error.code]).toEqual([429, 'rate-limited'])
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0)
    expect((await attempt(PASSWORD, '192.0.2.2')).statusCode).toBe(200)
  } finally {
    await limited.stop()
  }
})
