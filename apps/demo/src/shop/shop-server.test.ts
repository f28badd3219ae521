import { decodeJwt, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './chat-tokens.ts'
import { CHAT_URL, createTestShop, type TestShop, TOKEN_SECRET } from './shop.testing.ts'

let test: TestShop

beforeEach(() => {
  test = createTestShop()
})
afterEach(() => test.shop.close())

const post = (url: string, headers: Record<string, string> = {}) =>
  test.shop.inject({ method: 'POST', url, headers })

async function tokenFor(email: string): Promise<string> {
  const response = await post('/chat-token', { cookie: await test.signIn(email) })
  return response.json().token
}

const askForOrders = (token?: string) =>
  test.shop.inject({
    url: '/api/orders',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

describe('sign-in', () => {
  it('keeps the session in a cookie that scripts and other sites cannot use', async () => {
    const response = await test.shop.inject({
      method: 'POST',
      url: '/login',
      payload: { email: 'alex@example.com', password: 'northwind' },
    })

    expect(response.json()).toEqual({
      customer: { id: 'alex@example.com', name: 'Alex', plan: 'Trail Club' },
    })
    expect(response.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  })

  it.each([
    ['alex@example.com', 'wrong'],
    ['alex@example.com', ''],
    ['nobody@example.com', 'northwind'],
    ['nobody@example.com', ''],
  ])('refuses %s with "%s", without saying which of the two is wrong', async (email, password) => {
    const response = await test.shop.inject({ method: 'POST', url: '/login', payload: { email, password } })

    expect(response.statusCode).toBe(401)
    expect(response.json()).toEqual({ error: 'That email and password do not match.' })
    expect(response.cookies).toEqual([])
  })

  it('works as a plain form, and leads back to the shop', async () => {
    const form = (password: string) =>
      test.shop.inject({
        method: 'POST',
        url: '/login',
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ email: 'sam@example.com', password }).toString(),
      })

    const wrong = await form('no')
    expect(wrong.statusCode).toBe(401)
    expect(wrong.body).toContain('That email and password do not match.')
    const right = await form('northwind')
    expect([right.statusCode, right.headers.location]).toEqual([303, '/'])
  })

  it('ends on the server too: a cookie that was kept is worth nothing after signing out', async () => {
    const cookie = await test.signIn('alex@example.com')
    expect((await test.shop.inject({ url: '/me', headers: { cookie } })).json().customer.name).toBe('Alex')

    await post('/logout', { cookie })

    expect((await test.shop.inject({ url: '/me', headers: { cookie } })).json()).toEqual({ customer: null })
    expect((await post('/chat-token', { cookie })).statusCode).toBe(401)
  })

  it('is not done for a page of another site', async () => {
    const cookie = await test.signIn('alex@example.com')

    const response = await post('/logout', { cookie, 'sec-fetch-site': 'same-site' })

    expect(response.statusCode).toBe(403)
    expect((await test.shop.inject({ url: '/me', headers: { cookie } })).json().customer.name).toBe('Alex')
  })
})

describe('POST /chat-token', () => {
  it('vouches for the signed-in customer, for 60 seconds', async () => {
    const response = await post('/chat-token', { cookie: await test.signIn('sam@example.com') })

    const { token, expiresIn } = response.json()
    const { sub, name, iss, aud, iat, exp } = decodeJwt(token)
    expect({ sub, name, iss, aud }).toEqual({
      sub: 'sam@example.com',
      name: 'Sam',
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
    })
    expect([expiresIn, (exp ?? 0) - (iat ?? 0)]).toEqual([60, 60])
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('gives nothing to a visitor who is not signed in', async () => {
    const response = await post('/chat-token')

    expect(response.statusCode).toBe(401)
    expect(response.json()).not.toHaveProperty('token')
  })
})

describe('GET /api/orders', () => {
  it('answers the orders of the customer the token is for, and of nobody else', async () => {
    const alex = await askForOrders(await tokenFor('alex@example.com'))
    const sam = await askForOrders(await tokenFor('sam@example.com'))

    const tomorrow = new Date(test.now().getTime() + 86_400_000).toISOString().slice(0, 10)
    expect(alex.json()).toEqual({
      orders: [{ id: 'NW-1042', item: 'Trail jacket', status: 'on its way', eta: tomorrow }],
    })
    expect(sam.json().orders.map(({ id }: { id: string }) => id)).toEqual(['NW-1057', 'NW-0988'])
  })

  it('refuses a token the second it expires', async () => {
    const token = await tokenFor('alex@example.com')

    test.pass(58)
    expect((await askForOrders(token)).statusCode).toBe(200)
    test.pass(2)
    const late = await askForOrders(token)
    expect(late.statusCode).toBe(401)
    expect(late.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  it('refuses no token, rubbish, and tokens of another key, issuer or audience', async () => {
    const sign = (claims: { iss?: string; aud?: string }, key = TOKEN_SECRET) =>
      new SignJWT({ iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, ...claims, sub: 'alex@example.com' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime(Math.floor(test.now().getTime() / 1_000) + 60)
        .sign(new TextEncoder().encode(key))

    expect((await askForOrders(await sign({}))).statusCode).toBe(200)
    for (const token of [
      undefined,
      'rubbish',
      await sign({}, 'another-secret-that-is-also-long-enough'),
      await sign({ iss: 'https://elsewhere.example' }),
      await sign({ aud: 'another-chat' }),
    ]) {
      expect((await askForOrders(token)).statusCode).toBe(401)
    }
  })
})

describe('the pages', () => {
  it.each(['/', '/embed', '/login', '/authenticator'])(
    '%s allows the chat server and no inline code',
    async (url) => {
      const response = await test.shop.inject({ url })

      const policy = String(response.headers['content-security-policy'])
      expect(policy).toContain(`script-src 'self' ${CHAT_URL};`)
      expect(policy).toContain(`connect-src 'self' ${CHAT_URL} ws://127.0.0.1:4000;`)
      expect(policy).not.toContain('unsafe')
      expect(response.body).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/)
    },
  )

  it('embed the widget from the chat server: as an element, and by one tag', async () => {
    expect((await test.shop.inject({ url: '/' })).body).toContain(
      `<chat-widget app="shop" server="${CHAT_URL}"></chat-widget>`,
    )
    expect((await test.shop.inject({ url: '/embed' })).body).toContain(
      `<script async src="${CHAT_URL}/embed.js" data-app="shop"`,
    )
  })

  it('say who is signed in, and are never cached', async () => {
    const response = await test.shop.inject({
      url: '/',
      headers: { cookie: await test.signIn('alex@example.com') },
    })

    expect(response.body).toContain('data-customer="alex@example.com"')
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('escapes what a visitor typed into the sign-in form', async () => {
    const response = await test.shop.inject({
      method: 'POST',
      url: '/login',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ email: '"><script>alert(1)</script>', password: 'x' }).toString(),
    })

    expect(response.body).not.toContain('<script>alert')
    expect(response.body).toContain('&lt;script&gt;alert(1)')
  })
})
