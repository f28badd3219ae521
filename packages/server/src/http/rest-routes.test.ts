import { ChatError, LIMITS } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_BODIES } from '../kinds/bodies.testing.ts'
import { CONVERSATION, KEYS, REUSED, startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
beforeAll(async () => {
  server = await startHttp()
})
afterAll(() => server.stop())

const BASE = '/v1/apps/shop/conversations'
const auth = { authorization: `Token ${KEYS.shop}` }
const CLIENT_ID = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a003'

const get = (url: string, headers: Record<string, string> = auth) => server.http.inject({ url, headers })
const post = (url: string, payload?: unknown, headers: Record<string, string> = auth) =>
  server.http.inject({
    method: 'POST',
    url,
    headers,
    ...(payload === undefined ? {} : { payload: payload as object }),
  })

describe('an app’s key', () => {
  it.each([
    ['no header', undefined, 'shop'],
    ['a wrong key', 'Token wrong', 'shop'],
    ['another app’s key', `Token ${KEYS.other}`, 'shop'],
    ['an unknown app', `Token ${KEYS.shop}`, 'nowhere'],
    ['another scheme', `Bearer ${KEYS.shop}`, 'shop'],
    ['an empty key', 'Token ', 'shop'],
  ])('%s is the same 401', async (_title, authorization, app) => {
    const url = `/v1/apps/${app}/conversations`
    const response = await get(url, authorization === undefined ? {} : { authorization })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Token')
    expect(response.json()).toEqual({
      error: { code: 'unauthenticated', message: 'give a key of this app: Authorization: Token KEY' },
    })
  })

  it('may be any of the app’s keys', async () => {
    expect((await get(BASE, { authorization: 'Token an-older-key' })).statusCode).toBe(200)
  })

  it('is asked for before the body is looked at', async () => {
    const response = await post(`${BASE}/${CONVERSATION}/messages`, { nonsense: 1 }, {})
    expect(response.statusCode).toBe(401)
  })
})

it('[DL9] tries of wrong keys are limited by address', async () => {
  const limited = await startHttp({ limits: { restRequestsPerMinute: 2 } })
  try {
    const tries: number[] = []
    for (const path of ['conversations', 'conversations', 'conversations', 'muted-addressees'])
      tries.push(
        (
          await limited.http.inject({
            url: `/v1/apps/shop/${path}`,
            headers: { authorization: 'Token wrong' },
          })
        ).statusCode,
      )
    expect(tries.slice(0, 3)).toEqual([401, 401, 429])
  } finally {
    await limited.stop()
  }
})

it('[RS3] limits a key by its own rate, whoever gives it, and no other key', async () => {
  const limited = await startHttp({ ofOlderKey: 2 })
  const statusWith = async (key: string, path = 'conversations') =>
    (await limited.http.inject({ url: `/v1/apps/shop/${path}`, headers: { authorization: `Token ${key}` } }))
      .statusCode
  try {
    expect([await statusWith('an-older-key'), await statusWith('an-older-key', 'muted-addressees')]).toEqual([
      200, 200,
    ])
    const refused = await limited.http.inject({
      url: '/v1/apps/shop/conversations',
      headers: { authorization: 'Token an-older-key' },
    })
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'rate-limited'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(await statusWith(KEYS.shop)).toBe(200)
  } finally {
    await limited.stop()
  }
})

describe('an address', () => {
  it.each(['/v1/apps/shop/%ff', '/%', `${BASE}/${'a'.repeat(300)}/messages`])(
    'that cannot be routed is an error like any other: %s',
    async (url) => {
      const response = await get(url)
      expect(response.statusCode).toBeGreaterThanOrEqual(400)
      expect(response.statusCode).toBeLessThan(500)
      expect(response.json().error).toMatchObject({ code: 'bad-request', message: expect.any(String) })
    },
  )

  it('of thousands of slashes costs no more than its length', async () => {
    // In quadratic time this would take minutes; the parser's limits belong to the HTTP server and apply before.
    const { statusCode } = await server.http.inject({ url: `/v1/${'/'.repeat(2_000_000)}x` })
    expect(statusCode).toBe(404)
  })
})

describe('lists', () => {
  it('answers with a page, by the app alone', async () => {
    const response = await get(`${BASE}?status=open&cursor=abc&limit=7`)
    expect(response.json()).toMatchObject({ conversations: [{ id: CONVERSATION }], cursor: 'next' })
    expect(server.queries.at(-1)).toEqual({ apps: ['shop'], status: 'open', cursor: 'abc', limit: 7 })
    await get(`${BASE}?order=created`)
    expect(server.queries.at(-1)).toEqual({ apps: ['shop'], order: 'created', limit: 50 })
    await get(BASE)
    expect(server.queries.at(-1)).toEqual({ apps: ['shop'], limit: 50 })
  })

  it('[DL3] answers with the messages beyond a seq, and the head', async () => {
    const response = await get(`${BASE}/${CONVERSATION}/messages?after=4`)
    expect(response.json()).toMatchObject({ messages: [{ seq: 1 }], headSeq: 1 })
    expect(server.queries.at(-1)).toEqual({
      conversationId: CONVERSATION,
      after: 4,
      limit: LIMITS.fetchMessages,
    })
  })

  it.each([
    [`${BASE}?status=lost`, /^status: /],
    [`${BASE}?order=newest`, /^order: /],
    [`${BASE}?limit=0`, /^limit: /],
    [`${BASE}?limit=101`, /^limit: /],
    [`${BASE}?limit=1&limit=2`, /^limit: /],
    [`${BASE}?page=2`, /^page: unknown key$/],
    [`${BASE}/${CONVERSATION}/messages?after=-1`, /^after: /],
    [`${BASE}/${CONVERSATION}/messages?before=3`, /^before: unknown key$/],
    [`${BASE}/17/messages`, /^id: /],
  ])('%s is refused by the key’s name', async (url, message) => {
    const response = await get(url)
    expect(response.statusCode).toBe(400)
    expect(response.json().error.code).toBe('bad-request')
    expect(response.json().error.message).toMatch(message)
  })
})

describe('kinds', () => {
  const url = `${BASE}/${CONVERSATION}/messages`
  const change = (method: 'PATCH' | 'DELETE', seq: string, payload?: object) =>
    server.http.inject({ method, url: `${url}/${seq}`, headers: auth, ...(payload && { payload }) })

  it('[MK1] takes quick replies in snake_case', async () => {
    const choices = [{ label: 'Yes', value: 'yes' }]
    expect((await post(url, { text: 'Sure?', format: 'plain', quick_replies: choices })).statusCode).toBe(201)
    expect(server.posts.at(-1)?.body).toEqual({ text: 'Sure?', format: 'plain', quickReplies: choices })
    expect((await post(url, { text: 'Sure?', quickReplies: choices })).statusCode).toBe(400)
    expect((await post(url, { text: 'Yes', reply: { to: 1, value: 'yes' } })).statusCode).toBe(400)
    expect((await post(url, { to: 1, values: {} })).statusCode).toBe(400)
  })

  it('[WH5] is by the bot, or by an agent whom it names', async () => {
    const avatar = 'https://shop.example.com/maya.png'
    expect((await post(url, { text: 'hi', author: { kind: 'bot' } })).statusCode).toBe(201)
    expect(
      (await post(url, { text: 'hi', author: { kind: 'agent', name: 'Maya', avatar } })).statusCode,
    ).toBe(201)
    expect(server.posts.at(-1)).toMatchObject({
      body: { text: 'hi' },
      author: { kind: 'agent', name: 'Maya', avatar },
    })
    for (const author of [
      { kind: 'agent' },
      { kind: 'agent', name: ' ' },
      { kind: 'agent', name: 'Maya', avatar: 'http://shop.example.com/maya.png' },
      { kind: 'agent', name: 'Maya', id: CONVERSATION },
      { kind: 'bot', name: 'Maya' },
      { kind: 'visitor' },
      { kind: 'system' },
    ])
      expect((await post(url, { text: 'hi', author })).statusCode).toBe(400)
    // An edit leaves the author.
    expect((await change('PATCH', '1', { text: 'hi', author: { kind: 'bot' } })).statusCode).toBe(400)
  })

  it('[MK4] refuses hostile bodies, posted or as an edit', async () => {
    const before = server.posts.length
    for (const [title, body] of HOSTILE_BODIES)
      for (const response of [await post(url, body), await change('PATCH', '1', body)]) {
        expect(response.statusCode, title).toBe(400)
        expect(response.json().error.code, title).toBe('bad-request')
      }
    expect(server.posts).toHaveLength(before)
  })

  it('[MK9] edits and deletes a message by its seq', async () => {
    const edited = await change('PATCH', '3', { text: 'Better', client_id: CLIENT_ID })
    expect(edited.json()).toMatchObject({ message: { text: 'Better', edited: true } })
    expect(server.posts.at(-1)).toEqual({
      ...{ app: 'shop', conversationId: CONVERSATION, clientId: CLIENT_ID, seq: 3 },
      body: { text: 'Better' },
    })
    expect((await change('DELETE', '3')).json()).toMatchObject({ message: { deleted: true } })
    for (const seq of ['0', '-1', '1.5', 'x'])
      expect((await change('DELETE', seq)).json().error, seq).toMatchObject({ code: 'bad-request' })
    server.failWith(new ChatError('already-answered', 'answered before'))
    expect((await change('PATCH', '3', { text: 'x' })).statusCode).toBe(409)
  })
})

describe('posts', () => {
  const url = `${BASE}/${CONVERSATION}/messages`

  it('[DL2] stores a text under its client id', async () => {
    const response = await post(url, { text: 'hello', client_id: CLIENT_ID })
    expect(response.statusCode).toBe(201)
    expect(response.json().message).toMatchObject({ text: 'hello', clientId: CLIENT_ID })
    expect(server.posts.at(-1)).toEqual({
      app: 'shop',
      conversationId: CONVERSATION,
      clientId: CLIENT_ID,
      body: { text: 'hello' },
    })
  })

  it.each([
    '11111111-1111-1111-1111-111111111111',
    '00000000-0000-0000-0000-000000000001',
    '0190A6E4-0000-7000-C000-00000000000A',
  ])('[DL2] takes the UUID %s, as callers make them up', async (id) => {
    expect((await post(url, { text: 'hello', client_id: id })).statusCode).toBe(201)
    expect(server.posts.at(-1)).toMatchObject({ clientId: id.toLowerCase() })
    expect((await get(`${BASE}/${id}/messages`)).statusCode).toBe(404)
  })

  it('stores a login card, with words where none are given', async () => {
    expect((await post(url, { login: { button: 'Log in' } })).statusCode).toBe(201)
    expect(server.posts.at(-1)).toEqual({
      app: 'shop',
      conversationId: CONVERSATION,
      body: { login: { text: 'Please sign in to continue.', button: 'Log in' } },
    })
  })

  it.each([
    ['a surplus key', { text: 'hi', html: '<b>' }, /^html: unknown key$/],
    ['a surplus key, deeper', { login: { text: 'a', url: 'b' } }, /^login\.url: unknown key$/],
    ['a misspelt key', { txt: 'hi' }, /txt|text/],
    ['no text', { text: ' ' }, /^text: must not be empty$/],
    ['too much text', { text: 'x'.repeat(LIMITS.textLength + 1) }, /^text: /],
    ['a malformed client id', { text: 'hi', client_id: '1' }, /^client_id: /],
    ['both kinds', { text: 'hi', login: {} }, /^(text|login): unknown key$/],
    ['a list', [], /^body: /],
  ])('%s is refused by the key’s name', async (_title, payload, message) => {
    const before = server.posts.length
    const response = await post(url, payload)
    expect(response.statusCode).toBe(400)
    expect(response.json().error.code).toBe('bad-request')
    expect(response.json().error.message).toMatch(message)
    expect(server.posts).toHaveLength(before)
  })

  it('refuses what is no JSON, and tells nothing of it', async () => {
    const broken = await post(url, '{"text":', { ...auth, 'content-type': 'application/json' })
    expect([broken.statusCode, broken.json().error.code]).toEqual([400, 'bad-request'])
    const poisoned = await post(url, '{"__proto__":{"text":"hi"}}', {
      ...auth,
      'content-type': 'application/json',
    })
    expect(poisoned.statusCode).toBe(400)
  })

  it('refuses other media types, and says which one it takes', async () => {
    const response = await post(url, 'text=hi', { ...auth, 'content-type': 'text/plain' })
    expect([response.statusCode, response.json().error.code]).toEqual([415, 'bad-request'])
    expect(response.json().error.message).toContain('application/json')
  })

  it('refuses more than 64 KiB', async () => {
    const response = await post(url, { text: 'x'.repeat(LIMITS.payloadBytes) })
    expect([response.statusCode, response.json().error.code]).toEqual([413, 'too-large'])
  })

  it('[DL2] refuses a client id that was used with another body', async () => {
    const response = await post(url, { text: 'hi', client_id: REUSED })
    expect([response.statusCode, response.json().error.code]).toEqual([409, 'client-id-reused'])
  })
})

describe('somebody else’s conversation and none at all are the same 404', () => {
  const unknown = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a009'
  it.each([
    ['GET', 'messages'],
    ['POST', 'messages'],
    ['POST', 'close'],
  ] as const)('%s …/%s', async (method, action) => {
    const payload = action === 'messages' && method === 'POST' ? { payload: { text: 'hi' } } : {}
    const none = await server.http.inject({
      method,
      url: `${BASE}/${unknown}/${action}`,
      headers: auth,
      ...payload,
    })
    const foreign = await server.http.inject({
      method,
      url: `/v1/apps/other/conversations/${CONVERSATION}/${action}`,
      headers: { authorization: `Token ${KEYS.other}` },
      ...payload,
    })
    expect(none.statusCode).toBe(404)
    expect(none.json().error.code).toBe('not-found')
    expect(foreign.statusCode).toBe(404)
    expect(foreign.body).toBe(none.body)
  })
})

describe('[RS2] is taken as it is meant:', () => {
  const json = { ...auth, 'content-type': 'application/json' }

  it('a body of nothing, under a type of JSON', async () => {
    const close = await post(`${BASE}/${CONVERSATION}/close`, '', json)
    expect(close.statusCode).toBe(200)
    const message = await post(`${BASE}/${CONVERSATION}/messages`, '', json)
    expect([message.statusCode, message.json().error.code]).toEqual([400, 'bad-request'])
  })

  it.each([
    ['no type', {}],
    ['text', { 'content-type': 'text/plain;charset=UTF-8' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('a body that a call takes none of, under %s', async (_title, type) => {
    for (const payload of ['', 'x']) {
      const close = await post(`${BASE}/${CONVERSATION}/close`, payload, { ...auth, ...type })
      expect(close.statusCode).toBe(200)
    }
  })

  it.each([
    ['GET', `${BASE}/`],
    ['GET', `${BASE}/?limit=1`],
    ['GET', `${BASE}/${CONVERSATION}/messages/`],
    ['POST', `${BASE}/${CONVERSATION}/close/`],
    ['GET', '/v1/apps/shop/muted-addressees/?'],
  ] as const)('a slash at the end: %s %s', async (method, url) => {
    expect((await server.http.inject({ method, url, headers: auth })).statusCode).toBe(200)
  })

  it('a parameter without a value, which is absent', async () => {
    const url = `${BASE}?status=&order=&cursor=&limit=`
    expect((await get(url)).statusCode).toBe(200)
    expect(server.queries.at(-1)).toEqual({ apps: ['shop'], limit: 50 })
    expect((await get(`${BASE}/${CONVERSATION}/messages?after=&limit=`)).statusCode).toBe(200)
    expect((await get('/v1/apps/shop/muted-addressees?cursor=')).statusCode).toBe(200)
  })

  it('a UUID in capital letters', async () => {
    const upper = CONVERSATION.toUpperCase()
    expect((await get(`${BASE}/${upper}/messages`)).statusCode).toBe(200)
    const posted = await post(`${BASE}/${upper}/messages`, { text: 'hi', client_id: CLIENT_ID.toUpperCase() })
    expect(posted.json().message.clientId).toBe(CLIENT_ID)
    expect((await post(`${BASE}/${upper}/close`)).statusCode).toBe(200)
  })
})

it('closes a conversation', async () => {
  const response = await post(`${BASE}/${CONVERSATION}/close`)
  expect(response.statusCode).toBe(200)
  expect(response.json().conversation).toMatchObject({ id: CONVERSATION, status: 'closed' })
})

it('[BT1] hands a conversation to the bot or the agents', async () => {
  for (const handler of ['bot', 'agents']) {
    const response = await post(`${BASE}/${CONVERSATION}/handler`, { handler })
    expect(response.statusCode).toBe(200)
    expect(response.json().conversation).toMatchObject({ id: CONVERSATION, handler })
  }
  expect((await post(`${BASE}/${CONVERSATION}/handler`, { handler: 'nobody' })).statusCode).toBe(400)
})

describe('trouble', () => {
  it('says when to come back', async () => {
    server.failWith(new ChatError('unavailable', 'cannot store right now', { retryAfterMs: 1500 }))
    const response = await get(BASE)
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('2')
    expect(response.json().error).toEqual({
      code: 'unavailable',
      message: 'cannot store right now',
      retryAfterMs: 1500,
    })
  })

  it('keeps the cause to itself', async () => {
    server.failWith(new Error('SELECT secret FROM table'))
    const response = await get(BASE)
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain('SELECT')
    expect(response.json().error.code).toBe('internal')
  })
})

it('limits requests per address', async () => {
  const limited = await startHttp({ limits: { restRequestsPerMinute: 2 } })
  try {
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) {
      const response = await limited.http.inject({ url: BASE, headers: auth })
      statuses.push(response.statusCode)
      if (response.statusCode === 429) {
        expect(response.json().error.code).toBe('rate-limited')
        expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
      }
    }
    expect(statuses).toEqual([200, 200, 429])
  } finally {
    await limited.stop()
  }
})
