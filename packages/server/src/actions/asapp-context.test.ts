import { describe, expect, it } from 'vitest'
import { fillAction } from './fill-action.ts'

const config = {
  url: 'https://shop.example.com/api/orders',
  method: 'GET',
  headers: {},
  allowPrivateAddress: false,
} as const

function callWith(context: object, change: object = {}, params = {}) {
  const filled = fillAction({ ...config, ...change }, params, context as never, 'asapp')
  return filled.kind === 'call' ? filled.call : filled.kind
}
const headersWith = (auth: object, headers: object = {}) =>
  (callWith({ Auth: auth }, { headers }) as { headers: object }).headers

describe('[ID16] an action in the style of ASAPP', () => {
  it('brings headers, cookies and token', () => {
    const auth = {
      Token: 'abc',
      Headers: { 'X-Key': 'k', 'x-tenant': 7 },
      Cookies: { sid: 's1', lang: 'en' },
    }
    expect(headersWith(auth)).toEqual({
      authorization: 'Bearer abc',
      'x-key': 'k',
      'x-tenant': '7',
      cookie: 'sid=s1; lang=en',
    })
    expect(headersWith({ Headers: { Cookie: 'a=1' }, Cookies: { b: '2' } })).toEqual({ cookie: 'a=1; b=2' })
    expect(headersWith({})).toEqual({})
    expect(callWith({})).toMatchObject({ headers: {} })
  })

  it('takes the authorization from the configuration first, then from the headers, then from the token', () => {
    const auth = { Token: 'abc', Headers: { AUTHORIZATION: 'Basic eDp5' } }
    expect(headersWith(auth)).toEqual({ authorization: 'Basic eDp5' })
    expect(headersWith(auth, { Authorization: 'Key {Auth.Token}' })).toEqual({ Authorization: 'Key abc' })
  })

  it('replaces nothing that the configuration sets', () => {
    const auth = { Headers: { 'x-api-key': 'visitor’s' }, Cookies: { sid: 's1' } }
    expect(callWith({ Auth: auth }, { headers: { 'X-Api-Key': 'ours' } })).toBe('value-refused')
    const sound = { ...auth, Headers: { 'x-api-key': 'of the visitor' } }
    const headers = { 'X-Api-Key': 'ours', Cookie: 'ours=1' }
    expect(headersWith(sound, headers)).toEqual(headers)
  })

  it("puts the body into a POST's, under what the bot asks for, and nowhere else", () => {
    const Body = { session: 's1', amount: 1_000, nested: { a: [1] } }
    const posted = callWith({ Auth: { Body } }, { method: 'POST' }, { amount: 10 })
    expect(JSON.parse((posted as { body: string }).body)).toEqual({ ...Body, amount: 10 })
    const got = callWith({ Auth: { Body } })
    expect(got).not.toHaveProperty('body')
    expect((got as { url: URL }).url.search).toBe('')
  })

  it('has scopes as OAuth writes them, and what the site tells of the customer, for placeholders', () => {
    const context = { Auth: { Scopes: ['read', 'write'] }, CustomerInfo: { tier: 'gold' } }
    const url = `${config.url}?scope={Auth.Scopes}&tier={CustomerInfo.tier}`
    expect((callWith(context, { url }) as { url: URL }).url.search).toBe('?scope=read+write&tier=gold')
    expect(callWith({ Auth: { Scopes: [] } }, { url })).toBe('value-missing')
    expect(callWith({ Auth: { Scopes: ['read', 7] } }, { url })).toBe('value-missing')
  })

  it.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'content-type',
    'idempotency-key',
    'X-Forwarded-For',
    'proxy-authorization',
    'X-HTTP-Method-Override',
    'bad name',
    'x:y',
    '',
    'x\r\ny',
  ])('does not go out with the header %j', (name) => {
    expect(callWith({ Auth: { Headers: { [name]: 'x' } } })).toBe('value-refused')
  })

  it.each<[string, object]>([
    ['a header of two lines', { Headers: { x: 'a\r\nx-admin: 1' } }],
    ['a header beyond Latin-1', { Headers: { x: '☃' } }],
    ['a header that is no text', { Headers: { x: { y: 1 } } }],
    ['headers that are no object', { Headers: 'x: y' }],
    ['headers in a list', { Headers: ['x: y'] }],
    ['a token of two lines', { Token: 'a\nb' }],
    ['a token that is no text', { Token: { a: 1 } }],
    ['a cookie that begins another', { Cookies: { sid: 's1; admin=1' } }],
    ['a cookie of two lines', { Cookies: { sid: 's1\r\nx: y' } }],
    ["a cookie's name that begins another", { Cookies: { 'a=1; b': '2' } }],
    ['a cookie that is no text', { Cookies: { sid: null } }],
    ['a body that is no object', { Body: 'x' }],
  ])('does not go out with %s', (_title, auth) => {
    expect(callWith({ Auth: auth }, { method: 'POST' })).toBe('value-refused')
  })

  it('tells every value that goes out, so that an echo of it can be taken out of the answer', () => {
    const auth = {
      Token: 'abc',
      Headers: { sid: 'h1', 'x-tenant': 7 },
      Cookies: { sid: 'c1' },
      Body: { nested: { a: ['b1', 2], c: true } },
    }
    const url = `${config.url}?tier={CustomerInfo.tier}`
    const context = { Auth: auth, CustomerInfo: { tier: 'gold' } }
    const filled = fillAction({ ...config, url, method: 'POST' }, {}, context, 'asapp')
    const values = new Set(filled.kind === 'call' ? filled.values : [])
    for (const value of ['abc', 'Bearer abc', 'h1', '7', 'c1', 'sid=c1', 'b1', '2', 'gold'])
      expect(values).toContain(value)
  })

  it('is the style only where the app says so', () => {
    const context = { Auth: { Token: 'abc', Headers: { x: 'y' } } }
    expect(fillAction(config, {}, context)).toMatchObject({ kind: 'call', call: { headers: {} } })
    const filled = fillAction(config, {}, context)
    expect(filled.kind === 'call' && Object.keys(filled.call.headers)).toEqual([])
  })
})
