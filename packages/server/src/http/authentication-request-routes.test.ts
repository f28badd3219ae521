import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { CREATOR_SECRET_HEADER, AUTHENTICATION_REQUEST_LIMITS as LIMITS } from '@chat-widget/protocol'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { KEYS, startHttp } from './http-server.testing.ts'

type Server = Awaited<ReturnType<typeof startHttp>>
let server: Server
let base: string
beforeAll(async () => {
  server = await startHttp({
    requestLimits: 'none',
    longAnswer: { headersAfterMs: 50, beatMs: 20 },
  })
  base = await server.http.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => server?.stop())

const PATH = '/v1/authentication-request/'
const key = { authorization: `Token ${KEYS.shop}` }
const someone = () => `${randomUUID()}@example.com`
const body = (changes: object = {}) => ({
  email: someone(),
  application_title: 'My App',
  wait_for_response: 0,
  ...changes,
})
const post = (payload: object, headers: Record<string, string> = {}, url = PATH) =>
  server.http.inject({ method: 'POST', url, payload, headers })

/** Decides by the link in the mail. */
async function decide(email: string, decision: 'approved' | 'denied' = 'approved', from: Server = server) {
  const { records, tokens } = from.outbox
  const indexOf = () =>
    records.findLastIndex(({ addressee }) => 'email' in addressee && addressee.email.toLowerCase() === email)
  await expect.poll(indexOf).toBeGreaterThanOrEqual(0)
  const token = tokens[indexOf()] ?? ''
  const view = await from.requests.viewLink(token)
  const nonce = view.kind === 'pending' ? view.nonce : ''
  return from.requests.decideByLink({ token, nonce, decision, code: null, mutes: false })
}

/** Calls over a connection of its own, which can be inspected while it waits, and closed. */
function call(payload: object, headers: Record<string, string> = {}, from = base) {
  const request = httpRequest(`${from}${PATH}`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  })
  request.on('error', () => undefined)
  const chunks: string[] = []
  const response = new Promise<IncomingMessage>((resolve) => request.once('response', resolve))
  const ended = response.then(
    (message) =>
      new Promise<string>((resolve) => {
        message.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
        message.once('end', () => resolve(chunks.join('')))
      }),
  )
  request.end(JSON.stringify(payload))
  onTestFinished(() => {
    request.destroy()
  })
  return { request, response, chunks, ended }
}

describe('making a request', () => {
  it.each([
    ['/v1/authentication-request', 'shop'],
    ['/v1/authentication-request/', 'shop'],
    ['/v1/apps/other/authentication-request', 'other'],
    ['/v1/apps/other/authentication-request/', 'other'],
  ])('POST %s answers exactly three fields, for the app %s', async (url, app) => {
    const response = await post(body(), {}, url)
    expect(response.statusCode).toBe(200)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
    expect(response.headers[CREATOR_SECRET_HEADER]).toMatch(/^[\w-]{43}$/)
    const answer = response.json()
    expect(answer).toEqual({
      authentication_request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      authentication_request_status: 'pending',
      authentication_request_response: null,
    })
    const { authentication_request_id: id } = answer
    expect(await server.requests.find(app as never, id)).toMatchObject({ app, status: 'pending' })
  })

  it('answers when the person has decided, with what the published key signed', async () => {
    const email = someone()
    const called = call(body({ email: email.toUpperCase(), wait_for_response: 900 }))
    expect(await decide(email, 'denied')).toMatchObject({ kind: 'decided' })
    const answer = JSON.parse(await called.ended)
    expect(answer).toEqual({
      authentication_request_id: expect.any(String),
      authentication_request_status: 'denied',
      authentication_request_response: expect.any(String),
    })
    const keys = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(answer.authentication_request_response, keys, {
      issuer: 'https://chat.example.com',
      audience: 'shop',
    })
    expect(payload).toMatchObject({
      jti: answer.authentication_request_id,
      decision: 'denied',
      subject: email,
      decided_at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
  })

  it('answers pending at the end of the wait', async () => {
    const answer = await post(body({ wait_for_response: 1 }))
    expect(answer.json().authentication_request_status).toBe('pending')
  })

  it('[AR2] shows the code while it is pending, to its maker', async () => {
    const email = someone()
    const response = await post(body({ email, binding: 'code' }))
    const { authentication_request_id: id, binding_code: code } = response.json()
    expect(code).toMatch(/^\d{6}$/)
    const headers = { authorization: `Secret ${response.headers[CREATOR_SECRET_HEADER]}` }
    const read = async () => (await server.http.inject({ url: `${PATH}${id}`, headers })).json()
    expect(await read()).toEqual(response.json())
    await decide(email, 'denied')
    expect(Object.keys(await read())).toEqual([
      'authentication_request_id',
      'authentication_request_status',
      'authentication_request_response',
    ])
  })

  it('attaches by the same id and body, without a secret; another body is 409', async () => {
    // Not of a version known to a standard: the caller made it.
    const id = 'ABCDEF01-2345-9789-0BCD-EF0123456789'
    const email = someone()
    const first = await post(body({ email, authentication_request_id: id }))
    const again = await post(body({ email, authentication_request_id: id.toLowerCase() }))
    expect(again.json()).toEqual(first.json())
    expect(again.headers[CREATOR_SECRET_HEADER]).toBeUndefined()
    const other = await post(body({ authentication_request_id: id }))
    expect([other.statusCode, other.json().error.code]).toEqual([409, 'conflict'])
    await decide(email)
    const decided = await post(body({ email, authentication_request_id: id }))
    expect(decided.json().authentication_request_status).toBe('approved')
  })

  it.each([
    ['a wrong key', `Token ${KEYS.other}`],
    ['a secret', 'Secret x'],
    ['another scheme', 'Basic eDp5'],
    ['nothing', ''],
  ])('with %s for Authorization is 401, and not taken for a call without', async (_title, authorization) => {
    const response = await post(body(), { authorization })
    expect([response.statusCode, response.json().error.code]).toEqual([401, 'unauthenticated'])
  })

  it('for an app that does not exist is 404', async () => {
    expect((await post(body(), {}, '/v1/apps/nowhere/authentication-request/')).statusCode).toBe(404)
  })
})

describe('bad input is 400 and names the field', () => {
  const long = (length: number) => 'x'.repeat(length)
  it.each([
    ['neither email nor identifier', { email: undefined }, 'email'],
    ['both', { identifier: '1112223334' }, 'identifier'],
    ['an identifier of nine digits', { email: undefined, identifier: '111222333' }, 'identifier'],
    ['no title', { application_title: undefined }, 'application_title'],
    ['an empty title', { application_title: ' ' }, 'application_title'],
    ['a long title', { application_title: long(LIMITS.titleLength + 1) }, 'application_title'],
    ['a title of two lines', { application_title: 'a\r\nBcc: b@example.com' }, 'application_title'],
    ['a title that turns the direction of writing', { application_title: 'a\u202eb' }, 'application_title'],
    ['an id that is no UUID', { authentication_request_id: '1' }, 'authentication_request_id'],
    ['a wait below zero', { wait_for_response: -1 }, 'wait_for_response'],
    ['a wait that is too long', { wait_for_response: 901 }, 'wait_for_response'],
    ['a wait that is no whole number', { wait_for_response: 1.5 }, 'wait_for_response'],
    ['a wait that is text', { wait_for_response: '0' }, 'wait_for_response'],
    ['a long name', { user_name: long(LIMITS.nameLength + 1) }, 'user_name'],
    ['a name with a control character', { user_name: 'a\0b' }, 'user_name'],
    ['an IP that is none', { user_ip: '1.2.3.256' }, 'user_ip'],
    ['a long origin', { user_origin: long(LIMITS.originLength + 1) }, 'user_origin'],
    ['a binding that is none', { binding: 'digits' }, 'binding'],
    ['no lifetime', { expires_in: 0 }, 'expires_in'],
    ['a long lifetime', { expires_in: 901 }, 'expires_in'],
    ['an unknown field', { colour: 'red' }, 'colour'],
  ])('%s', async (_title, changes, field) => {
    const response = await post(body(changes))
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(new RegExp(`^${field}: `)),
    })
  })

  it.each([
    'ann',
    'ann@',
    '@example.com',
    'ann@localhost',
    'ann@example..com',
    'ann@-example.com',
    'ann@example.com.',
    '.ann@example.com',
    'an..n@example.com',
    'ann@example.com\r\nBcc: bob@example.com',
    'ann@example.com\n',
    'ann@example.com,bob@example.com',
    'ann@example.com bob@example.com',
    'Ann <ann@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a.'.repeat(125)}com`,
  ])('the email %j', async (email) => {
    const response = await post(body({ email }))
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(/^email: /)
  })

  it.each([
    'a@b.co',
    "o'neil+chat@sub.example.co.uk",
    'A_B-c.d@example.museum',
    `${'a'.repeat(64)}@example.com`,
  ])('takes the email %s', async (email) => {
    expect((await post(body({ email }))).statusCode).toBe(200)
  })
})

describe('[AR3] reading and canceling', () => {
  const methods = [
    ['GET', ''],
    ['POST', '/cancel'],
  ] as const
  const reach = (
    id: string,
    authorization: string | undefined,
    [method, action]: (typeof methods)[number],
    app?: string,
  ) =>
    server.http.inject({
      method,
      url: `/v1/${app === undefined ? '' : `apps/${app}/`}authentication-request/${id}${action}`,
      headers: authorization === undefined ? {} : { authorization },
    })

  it('is the maker’s, by secret or key; to everybody else it is a request that does not exist', async () => {
    const { headers, ...response } = await post(body())
    const { authentication_request_id: id } = response.json()
    const secret = `Secret ${headers[CREATOR_SECRET_HEADER]}`
    const another = `Secret ${(await post(body())).headers[CREATOR_SECRET_HEADER]}`
    for (const way of methods) {
      const none = await reach('5f0c8a34-53a6-4b53-8f5f-0c2b4de2a009', key.authorization, way)
      expect([none.statusCode, none.json().error.code]).toEqual([404, 'not-found'])
      for (const [authorization, app] of [
        [undefined],
        [another],
        ['Secret '],
        [`Token ${KEYS.other}`],
        [`Bearer ${KEYS.shop}`],
        [`Token ${KEYS.other}`, 'other'],
        [secret, 'other'],
      ] as const) {
        const refused = await reach(id, authorization, way, app)
        expect([refused.statusCode, refused.body], `${authorization} ${app}`).toEqual([404, none.body])
        expect(refused.headers['cache-control']).toBe('no-store')
      }
    }
    for (const authorization of [secret, key.authorization]) {
      const read = await reach(id, authorization, methods[0])
      expect(read.json()).toEqual(response.json())
      expect((await reach(id, authorization, methods[0], 'shop')).json()).toEqual(response.json())
    }
    for (const authorization of [secret, key.authorization])
      expect((await reach(id, authorization, methods[1])).json()).toEqual({
        authentication_request_id: id,
        authentication_request_status: 'canceled',
        authentication_request_response: null,
      })
  })

  it('takes a slash at the end, and a client that always says JSON, or sends an empty form', async () => {
    for (const [end, contentType, payload] of [
      ['', 'application/json', ''],
      ['/', 'application/json', '{}'],
      ['', 'application/x-www-form-urlencoded', ''],
    ] as const) {
      const { headers, ...made } = await post(body())
      const url = `${PATH}${made.json().authentication_request_id}`
      const authorization = `Secret ${headers[CREATOR_SECRET_HEADER]}`
      const read = await server.http.inject({ url: `${url}${end}`, headers: { authorization } })
      expect(read.json()).toEqual(made.json())
      const canceled = await server.http.inject({
        method: 'POST',
        url: `${url}/cancel${end}`,
        headers: { authorization, 'content-type': contentType },
        payload,
      })
      expect(canceled.json().authentication_request_status).toBe('canceled')
    }
  })
})

describe('outcomes of an app', () => {
  const events = (query: string, headers: Record<string, string> = key) =>
    server.http.inject({ url: `/v1/apps/shop/authentication-request-events${query}`, headers })

  it('are read after a cursor, and waited for, by key alone', async () => {
    let { cursor } = (await events('')).json()
    for (let isLast = false; !isLast; ) {
      const page = (await events(`?after=${cursor}`)).json()
      isLast = page.events.length === 0
      cursor = page.cursor
    }
    const waiting = events(`?after=${cursor}&wait=60`)
    const { authentication_request_id: id } = (await post(body())).json()
    await server.http.inject({ method: 'POST', url: `${PATH}${id}/cancel`, headers: key })
    const page = (await waiting).json()
    expect(page).toEqual({
      events: [
        {
          authentication_request_id: id,
          authentication_request_status: 'canceled',
          authentication_request_response: null,
          cursor: page.cursor,
          ended_at: expect.any(String),
        },
      ],
      cursor: page.cursor,
      server_time: expect.any(String),
    })
    expect((await events(`?after=${page.cursor}`)).json()).toMatchObject({ events: [], cursor: page.cursor })
    for (const headers of [{}, { authorization: `Token ${KEYS.other}` }])
      expect((await events('?after=x', headers as Record<string, string>)).statusCode).toBe(401)
  })

  it.each([
    ['?after=x', 'after'],
    ['?wait=61', 'wait'],
    ['?page=2', 'page'],
  ])('%s is refused by the name', async (query, field) => {
    const response = await events(query)
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(new RegExp(`^${field}: `))
  })
})

describe('a long wait', () => {
  it('is held open by white space, and is JSON all the same', async () => {
    const email = someone()
    const called = call(body({ email, wait_for_response: 900 }), key)
    const response = await called.response
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toMatch(/^application\/json/)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers[CREATOR_SECRET_HEADER]).toMatch(/^[\w-]{43}$/)
    await expect.poll(() => called.chunks.length).toBeGreaterThan(3)
    expect(called.chunks.every((chunk) => chunk.trim() === '')).toBe(true)
    await decide(email)
    expect(JSON.parse(await called.ended)).toMatchObject({ authentication_request_status: 'approved' })
  })

  it('costs nothing any more once the caller hung up', async () => {
    const before = server.requests.waiting
    const calls = [1, 2, 3, 4, 5].map(() => call(body({ wait_for_response: 900 })))
    await expect.poll(() => server.requests.waiting).toBe(before + 5)
    await Promise.all(calls.slice(2).map(({ response }) => response))
    for (const { request } of calls) request.destroy()
    await expect.poll(() => server.requests.waiting).toBe(before)
  })

  it('is answered at once by a server that drains: pending', async () => {
    const draining = await startHttp({ longAnswer: { headersAfterMs: 50, beatMs: 20 } })
    const address = await draining.http.listen({ port: 0, host: '127.0.0.1' })
    const held = call(body({ wait_for_response: 900 }), {}, address)
    await held.response
    const early = call(body({ wait_for_response: 900 }), {}, address)
    await expect.poll(() => draining.requests.waiting).toBe(2)
    const stopped = draining.stop()
    for (const called of [held, early])
      expect(JSON.parse(await called.ended)).toMatchObject({ authentication_request_status: 'pending' })
    await stopped
  })
})

describe('[AR7] limits', () => {
  const start = async (changes: Partial<typeof DEFAULT_REQUEST_LIMITS.withoutKey>) => {
    const requestLimits = {
      ...DEFAULT_REQUEST_LIMITS,
      withoutKey: { ...DEFAULT_REQUEST_LIMITS.withoutKey, ...changes },
    }
    const limited = await startHttp({ requestLimits })
    onTestFinished(() => limited.stop())
    return (payload: object, headers: Record<string, string> = {}) =>
      limited.http.inject({ method: 'POST', url: PATH, payload, headers })
  }

  it.each([
    ['an addressee', { addresseePerHour: 2 }, { email: 'ann@example.com' }],
    ['an addressee, for a while', { addresseeBurst: 2 }, { email: 'ann@example.com' }],
    ['an IP', { ipBurst: 2 }, {}],
    // With the default rate the app could ask again after 1.8 s.
    ['an app', { appBurst: 2, appPerHour: 60 }, {}],
  ])('of %s: 429 with Retry-After, and a key has its own', async (_title, changes, fields) => {
    const ask = await start(changes)
    expect((await ask(body(fields))).statusCode).toBe(200)
    expect((await ask(body(fields))).statusCode).toBe(200)
    const refused = await ask(body(fields))
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'rate-limited'])
    const seconds = Number(refused.headers['retry-after'])
    expect(seconds).toBeGreaterThan(0)
    expect(refused.json().error.retryAfterMs).toBeGreaterThan((seconds - 1) * 1_000)
    expect((await ask(body(fields), key)).statusCode).toBe(200)
  })

  it('do not count who attaches', async () => {
    const ask = await start({ addresseePerHour: 1, ipBurst: 1, appBurst: 1 })
    const same = body({ authentication_request_id: '6c0f8a34-53a6-4b53-8f5f-0c2b4de2a002' })
    for (let index = 0; index < 10; index += 1) expect((await ask(same)).statusCode).toBe(200)
  })

  it('of callers that wait', async () => {
    const limited = await startHttp({
      requestLimits: {
        ...DEFAULT_REQUEST_LIMITS,
        withoutKey: { ...DEFAULT_REQUEST_LIMITS.withoutKey, ipWaits: 1 },
      },
    })
    onTestFinished(() => limited.stop())
    const address = await limited.http.listen({ port: 0, host: '127.0.0.1' })
    const email = someone()
    const waiting = call(body({ email, wait_for_response: 900 }), {}, address)
    await expect.poll(() => limited.requests.waiting).toBe(1)
    await expect.poll(() => limited.outbox.tokens.length).toBe(1)
    const ask = (headers = {}) =>
      limited.http.inject({
        method: 'POST',
        url: PATH,
        payload: body({ wait_for_response: 1 }),
        headers,
      })
    expect((await ask()).statusCode).toBe(429)
    // Read in the database, where a request is stored before anybody is asked.
    const pending = await limited.storage.authenticationUpkeep.countPending()
    expect([...pending.values()], 'nobody was asked').toEqual([1])
    expect((await ask(key)).statusCode).toBe(200)
    await decide(email, 'approved', limited)
    await waiting.ended
    expect((await ask()).statusCode).toBe(200)
  })
})

describe('/.well-known/jwks.json', () => {
  it('has public keys alone, and may be cached', async () => {
    const response = await server.http.inject({ url: '/.well-known/jwks.json' })
    expect(response.headers['cache-control']).toMatch(/^public, max-age=\d+$/)
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
    const { keys } = response.json()
    expect(keys).toHaveLength(1)
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })
})

it('documents the limits of every field', async () => {
  const { paths } = (await server.http.inject({ url: '/openapi.json' })).json()
  const { properties, required, additionalProperties } =
    paths[PATH].post.requestBody.content['application/json'].schema
  expect(required, 'the id of a request that is there is enough').toBeUndefined()
  expect(additionalProperties).toBe(false)
  expect(properties).toMatchObject({
    email: { maxLength: 254 },
    identifier: { pattern: '^[0-9]{10}$' },
    application_title: { minLength: 1, maxLength: 120 },
    authentication_request_id: { format: 'uuid' },
    wait_for_response: { minimum: 0, maximum: 900, default: 900 },
    user_name: { maxLength: 120 },
    user_ip: { maxLength: 100 },
    user_origin: { maxLength: 120 },
    binding: { enum: ['none', 'code'], default: 'none' },
    expires_in: { minimum: 1, maximum: 900, default: 900 },
  })
})
