import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BINDING_CODE, type FakeChatServer, startFakeChatServer } from './chat-server.testing.ts'
import { createTestShop, type TestShop } from './shop.testing.ts'

let chat: FakeChatServer
let test: TestShop

beforeEach(async () => {
  chat = await startFakeChatServer()
  test = createTestShop({ chatUrl: chat.url })
})
afterEach(async () => {
  await test.shop.close()
  await chat.close()
})

const post = (url: string, payload: object = {}, cookie = '') =>
  test.shop.inject({ method: 'POST', url, payload, headers: { cookie } })

/** Asks; `cookie` is the browser's cookie afterwards. */
async function ask(way: 'email' | 'identifier', typed: string) {
  const response = await post(`/login/${way}`, { [way]: typed })
  const [set] = response.cookies
  return { response, set, cookie: set === undefined ? '' : `${set.name}=${set.value}` }
}

const sessionOf = (cookies: readonly { name: string; value: string }[]) =>
  cookies.find(({ name }) => name === 'northwind_session')

describe.each([
  { way: 'email', typed: ' alex@example.com ', id: 'alex@example.com', name: 'Alex' },
  { way: 'email', typed: 'new@example.com', id: 'new@example.com', name: 'new' },
  { way: 'identifier', typed: '111 222-3334', id: '1112223334', name: 'Customer …3334' },
] as const)('sign-in by $way as $typed', ({ way, typed, id, name }) => {
  it('[AR2] asks that person with a code, which the browser that asks is shown', async () => {
    const { response, set } = await ask(way, typed)

    expect(response.json()).toEqual({ state: 'waiting', code: BINDING_CODE })
    expect(response.headers['cache-control']).toBe('no-store')
    expect(set).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: `/login/${way}` })
    expect(chat.asked).toEqual([
      expect.objectContaining({ [way]: id, application_title: 'Northwind shop', binding: 'code' }),
    ])
    expect(chat.asked[0]?.user_ip).toBe('127.0.0.1')
  })

  it('goes on after a reload, with the same code', async () => {
    const { cookie } = await ask(way, typed)

    const state = await post(`/login/${way}/state`, {}, cookie)

    expect(state.json()).toEqual({ state: 'waiting', code: BINDING_CODE })
    expect(sessionOf(state.cookies)).toBeUndefined()
  })

  it('signs the browser in once it was approved, and once only', async () => {
    const { cookie } = await ask(way, typed)
    chat.decide('approved')

    const state = await post(`/login/${way}/state`, {}, cookie)

    expect(state.json()).toEqual({ state: 'signed-in', customer: expect.objectContaining({ id, name }) })
    const session = `northwind_session=${sessionOf(state.cookies)?.value}`
    const me = await test.shop.inject({ url: '/me', headers: { cookie: session } })
    expect(me.json().customer.id).toBe(id)
    const again = await post(`/login/${way}/state`, {}, cookie)
    expect(again.json().state).toBe('over')
    expect(sessionOf(again.cookies)).toBeUndefined()
  })
})

describe('sign-in by a person', () => {
  it.each([
    ['denied', 'denied', 'The sign-in was denied.'],
    ['expired', 'expired', 'Nobody answered in time. Please ask again.'],
    [
      'unauthorized',
      'not-asked',
      'Your authenticator could not be asked. Have you connected it to this shop?',
    ],
    ['errored', 'not-asked', 'Your authenticator could not be asked. Have you connected it to this shop?'],
    ['canceled', 'over', 'The request is not valid any more. Please ask again.'],
  ] as const)('that was %s is said, and nobody is signed in', async (status, state, text) => {
    const { cookie } = await ask('identifier', '1112223334')
    chat.decide(status)

    const response = await post('/login/identifier/state', {}, cookie)

    expect(response.json()).toEqual({ state, text })
    expect(sessionOf(response.cookies)).toBeUndefined()
  })

  it('says at once that nobody could be asked, where the chat server does', async () => {
    chat.beginWith('unauthorized')

    const { response } = await ask('identifier', '1112223334')

    expect(response.json()).toMatchObject({ state: 'not-asked' })
  })

  it('[AR6] does not say of an email address whether it could be asked', async () => {
    const texts = []
    for (const status of ['unauthorized', 'errored', 'expired', 'canceled'] as const) {
      const { cookie } = await ask('email', 'alex@example.com')
      chat.decide(status)
      texts.push((await post('/login/email/state', {}, cookie)).json().text)
    }

    expect(new Set(texts)).toEqual(new Set(['The link is not valid any more. Please ask for another one.']))
  })

  it('believes no approval of somebody else than was asked', async () => {
    const { cookie } = await ask('identifier', '1112223334')
    chat.decide('approved', '9998887776')

    const response = await post('/login/identifier/state', {}, cookie)

    expect(response.json().state).toBe('not-asked')
    expect(sessionOf(response.cookies)).toBeUndefined()
  })

  it('[AR3] is of the browser that asked', async () => {
    await ask('identifier', '1112223334')
    chat.decide('approved')

    for (const cookie of ['', 'northwind_person_login=guessed']) {
      const response = await post('/login/identifier/state', {}, cookie)
      expect(response.json().state).toBe('over')
      expect(sessionOf(response.cookies)).toBeUndefined()
    }
  })

  it('can be taken back: the person is not asked any more, and an approval comes too late', async () => {
    const { cookie } = await ask('identifier', '1112223334')

    expect((await post('/login/identifier/cancel', {}, cookie)).statusCode).toBe(204)

    expect(chat.statusOf(-1)).toBe('canceled')
    chat.decide('approved')
    expect((await post('/login/identifier/state', {}, cookie)).json().state).toBe('over')
  })

  it.each([
    ['identifier', '123', 'An identifier has ten digits. Your authenticator shows it.'],
    ['identifier', '12345678901', 'An identifier has ten digits. Your authenticator shows it.'],
    ['email', 'alex', 'That is not an email address.'],
  ] as const)('refuses the %s "%s" in words, and asks nobody', async (way, typed, error) => {
    const { response } = await ask(way, typed)

    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ error })
    expect(chat.asked).toEqual([])
  })

  it('[AR7] says when one may ask again', async () => {
    chat.beginWith('rate-limited')

    const { response } = await ask('identifier', '1112223334')

    expect(response.statusCode).toBe(429)
    expect(response.json()).toEqual({
      error: 'Your authenticator was asked a moment ago. You can ask it again in 30 seconds.',
    })
  })

  it('says so while the chat server is away', async () => {
    await chat.close()

    const { response } = await ask('identifier', '1112223334')

    expect(response.statusCode).toBe(503)
    expect(response.json().error).toContain('cannot be asked right now')
  })
})

describe('the page "Authenticator"', () => {
  it('links to the authenticator, and back to itself by the name that the visitor typed', async () => {
    const { body } = await test.shop.inject({ url: '/authenticator', headers: { host: 'localhost:4173' } })

    const [, href = ''] = /data-testid="authenticator-link" href="([^"]*)"/.exec(body) ?? []
    const link = new URL(href.replaceAll('&amp;', '&'))
    expect(link.origin + link.pathname).toBe(`${chat.url}/authenticator/`)
    expect(Object.fromEntries(new URLSearchParams(link.hash.slice(1)))).toEqual({
      app: 'shop',
      callback: 'http://localhost:4173/authenticator',
    })
  })

  it('shows the same link as a QR code', async () => {
    const page = await test.shop.inject({ url: '/authenticator' })
    expect(page.body).toMatch(/data-testid="authenticator-qr" src="\/authenticator\/qr\.svg"/)

    const qr = await test.shop.inject({ url: '/authenticator/qr.svg' })
    const elsewhere = await test.shop.inject({ url: '/authenticator/qr.svg', headers: { host: 'other' } })

    expect(qr.headers['content-type']).toBe('image/svg+xml')
    expect(qr.body).toMatch(/^<svg /)
    expect(elsewhere.body, 'the code holds the callback').not.toBe(qr.body)
  })

  it.each(['/', '/embed', '/login'])('is linked from %s', async (url) => {
    expect((await test.shop.inject({ url })).body).toContain(
      'href="/authenticator" data-testid="login-by-authenticator"',
    )
  })

  it('says who is signed in already', async () => {
    const cookie = await test.signIn('alex@example.com')

    const { body } = await test.shop.inject({ url: '/authenticator', headers: { cookie } })

    expect(body).toContain('You are signed in as <strong>alex@example.com</strong>')
  })
})
