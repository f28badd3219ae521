import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEYS, startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
let log = ''
beforeAll(async () => {
  const write = (line: string) => {
    log += line
  }
  const logger = pino({ level: 'trace' }, { write })
  server = await startHttp({ requestLimits: 'none', logger })
})
afterAll(() => server?.stop())

const MUTED = '/v1/apps/shop/muted-addressees'
const UNMUTE = `${MUTED}/unmute`
const FORGET = '/v1/apps/shop/authentication-requests/forget'
const key = { authorization: `Token ${KEYS.shop}` }
const someone = () => `${randomUUID()}@example.com`
const get = (url: string, headers: Record<string, string> = key) => server.http.inject({ url, headers })
const post = (url: string, payload: object, headers: Record<string, string> = key) =>
  server.http.inject({ method: 'POST', url, payload, headers })

async function ask(email: string, changes: object = {}) {
  const body = { email, application_title: 'My App', wait_for_response: 0, ...changes }
  const response = await post('/v1/apps/shop/authentication-request/', body)
  return response.json() as { authentication_request_id: string; authentication_request_status: string }
}

/** Decides by the link in the mail. */
async function decide(email: string, mutes = false) {
  const { records, tokens } = server.outbox
  const indexOf = () =>
    records.findLastIndex(({ addressee }) => 'email' in addressee && addressee.email === email)
  await expect.poll(indexOf).toBeGreaterThanOrEqual(0)
  const token = tokens[indexOf()] ?? ''
  const view = await server.requests.viewLink(token)
  const nonce = view.kind === 'pending' ? view.nonce : ''
  await server.requests.decideByLink({ token, nonce, decision: 'denied', code: null, mutes })
}

async function mute(email: string) {
  await ask(email)
  await decide(email, true)
}

const read = async (id: string) => (await get(`/v1/apps/shop/authentication-request/${id}`)).statusCode

describe.each([
  ['GET', MUTED],
  ['POST', UNMUTE],
  ['POST', FORGET],
] as const)('%s %s', (method, url) => {
  it.each([
    ['no key', {}],
    ['a key of another app', { authorization: `Token ${KEYS.other}` }],
    ['a wrong key', { authorization: 'Token wrong' }],
    ['a secret of a request', { authorization: `Secret ${'a'.repeat(43)}` }],
  ])('with %s is 401, before anything is looked at', async (_title, headers) => {
    const payload = method === 'POST' ? { payload: { nonsense: 1 } } : {}
    const response = await server.http.inject({ method, url: `${url}?nonsense=1`, headers, ...payload })
    expect(response.statusCode).toBe(401)
    expect(response.json().error.code).toBe('unauthenticated')
  })
})

describe.each([UNMUTE, FORGET])('the body of %s', (url) => {
  it.each([
    [{}, 'email'],
    [{ email: 'nobody' }, 'email'],
    [{ email: 'ann@example.com', identifier: '1112223334' }, 'identifier'],
    [{ identifier: '111' }, 'identifier'],
    [{ email: 'ann@example.com', app: 'other' }, 'app'],
    [[], ''],
  ])('%j is 400 and names %j', async (body, name) => {
    const response = await post(url, body)
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(name === '' ? /./ : new RegExp(`^(body\\.)?${name}: `))
  })
})

it('the cursor of muted addressees is checked', async () => {
  for (const cursor of ['ann@example.com', '-1', '1'.repeat(16)])
    expect((await get(`${MUTED}?cursor=${cursor}`)).statusCode, cursor).toBe(400)
  expect((await get(`${MUTED}?limit=1`)).statusCode).toBe(400)
})

it('[AR7] an operator sees who muted the app, and lets it ask them again, once', async () => {
  const [first, second] = [someone(), someone()]
  await mute(first)
  await mute(second)
  const page = (await get(MUTED)).json()
  expect(page.cursor).toBeNull()
  expect(page.muted.map(({ email }: { email: string }) => email)).toEqual(
    expect.arrayContaining([first, second]),
  )
  const entry = page.muted.find(({ email }: { email: string }) => email === first)
  expect(entry).toEqual({ email: first, caller: 'with_key', muted_at: expect.any(String) })
  expect(Math.abs(Date.parse(entry.muted_at) - Date.now())).toBeLessThan(3_600_000)
  const others = await get('/v1/apps/other/muted-addressees', { authorization: `Token ${KEYS.other}` })
  expect(others.json()).toEqual({ muted: [], cursor: null })

  await ask(first)
  await ask(second)
  const unmuted = await post(UNMUTE, { email: first.toUpperCase() })
  expect([unmuted.statusCode, unmuted.json()]).toEqual([200, { unmuted: true }])
  expect((await post(UNMUTE, { email: first })).json()).toEqual({ unmuted: false })
  expect((await post(UNMUTE, { identifier: '1112223334' })).json()).toEqual({ unmuted: false })
  const left = (await get(MUTED)).json().muted.map(({ email }: { email: string }) => email)
  expect(left).toContain(second)
  expect(left).not.toContain(first)
  const before = server.outbox.tokens.length
  await ask(first)
  await expect.poll(() => server.outbox.tokens.length).toBe(before + 1)
})

it('a person’s requests are deleted, the pending one is canceled for who waits, and a mute stays', async () => {
  const [ann, bob] = [someone(), someone()]
  const ended = await ask(ann)
  await decide(ann)
  const pending = await ask(ann)
  const other = await ask(bob)
  const waiting = server.requests.wait(
    pending.authentication_request_id as never,
    60_000,
    new AbortController().signal,
  )
  await expect.poll(() => server.requests.waiting).toBe(1)
  expect((await post(FORGET, { email: ann.toUpperCase() })).json()).toEqual({ deleted: 2 })
  expect((await waiting).status).toBe('canceled')
  for (const { authentication_request_id: id } of [ended, pending]) expect(await read(id)).toBe(404)
  expect(await read(other.authentication_request_id)).toBe(200)
  const tokens = server.outbox.tokens.filter((_token, index) => {
    const addressee = server.outbox.records[index]?.addressee
    return addressee !== undefined && 'email' in addressee && addressee.email === ann
  })
  for (const token of tokens) expect(await server.requests.viewLink(token)).toEqual({ kind: 'unknown' })
  expect((await post(FORGET, { email: ann })).json()).toEqual({ deleted: 0 })

  const kim = someone()
  await mute(kim)
  expect((await post(FORGET, { email: kim })).json()).toEqual({ deleted: 1 })
  const muted = (await get(MUTED)).json().muted.map(({ email }: { email: string }) => email)
  expect(muted).toContain(kim)
})

it('[AR5] no address that was muted, unmuted or forgotten is in the log', async () => {
  const email = someone()
  await mute(email)
  await get(MUTED)
  await post(UNMUTE, { email })
  await post(FORGET, { email })
  expect(log).toContain('/muted-addressees/unmute')
  expect(log).not.toContain(email)
  expect(log).not.toContain(email.split('@')[0])
})
