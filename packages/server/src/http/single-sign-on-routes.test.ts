import type { AppId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, CLIENT, startIssuer, type TestIssuer } from '../agents/single-sign-on/issuer.testing.ts'
import type { IssuerConfig } from '../config/config.ts'
import { startHttp } from './http-server.testing.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const ANA = { email: 'ana@example.com', email_verified: true, sub: 'ana-1' }

let issuer: TestIssuer
let server: Awaited<ReturnType<typeof startHttp>>
const log: string[] = []
beforeAll(async () => {
  issuer = await startIssuer()
  server = await startHttp({
    limits: { signInsPerMinute: 1_000 },
    logger: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
  })
  await server.agents.add({ name: 'Olga', email: 'olga@example.com', password: 'of the owner' })
})
afterAll(async () => {
  await server.stop()
  await issuer.stop()
})
beforeEach(async () => {
  configure()
  await server.agents.add({ name: 'Ana', email: ANA.email, password: 'of Ana' })
})
afterEach(async () => {
  server.state.aheadMs = 0
  vi.useRealTimers()
  issuer.setDown(false)
  log.length = 0
  for (const { email } of await server.agents.list())
    if (email !== 'olga@example.com') await server.agents.remove(email)
})

const configure = (more: Partial<IssuerConfig> = {}, passwords: 'all' | 'owners' = 'all') =>
  server.singleSignOn.replace({ passwords, issuer: issuer.config(more) })

/** A browser with the cookie of the sign-in. */
async function begin() {
  const response = await server.http.inject({ url: '/console/oidc/start' })
  const [cookie] = response.cookies
  return { page: String(response.headers.location), cookie, response }
}

async function comeBack(query: URLSearchParams | string, cookie: { readonly value: string } | undefined) {
  const response = await server.http.inject({
    url: `/console/oidc/callback?${query}`,
    headers: {
      'user-agent': FIREFOX,
      ...(cookie !== undefined && { cookie: `chat_console_sign_in=${cookie.value}` }),
    },
  })
  const session = response.cookies.find(({ name }) => name === 'chat_console')
  return { response, session, location: String(response.headers.location) }
}

async function signIn(claims: NonNullable<Answer['claims']>, more: Omit<Answer, 'claims'> = {}) {
  const { page, cookie } = await begin()
  return comeBack(issuer.signIn(page, { claims, ...more }), cookie)
}

async function agentOf({ session }: Awaited<ReturnType<typeof signIn>>) {
  return session === undefined ? null : await server.agents.authenticate(session.value)
}

const audit = async () => (await server.storage.audit.list({ limit: 10 })).entries

/** A subject that no other test has. */
let count = 0
const somebody = () => `somebody-${++count}`

describe('[AG7] single sign-on', () => {
  it('begins on the issuer’s page with PKCE, state and nonce; the cookie tells none of them', async () => {
    const { page, cookie, response } = await begin()
    expect(response.statusCode).toBe(302)
    const { origin, pathname, searchParams } = new URL(page)
    expect(origin + pathname).toBe(`${issuer.url}/authorize`)
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: CLIENT.clientId,
      response_type: 'code',
      redirect_uri: 'https://chat.example.com/console/oidc/callback',
      scope: 'openid email',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(cookie).toMatchObject({
      ...{ name: 'chat_console_sign_in', path: '/console/oidc', maxAge: 600 },
      ...{ httpOnly: true, secure: true, sameSite: 'Lax' },
    })
    for (const name of ['state', 'nonce'])
      expect(Buffer.from(cookie!.value, 'base64url').toString('latin1')).not.toContain(searchParams.get(name))
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('opens a session as a password does, and tells it apart', async () => {
    const before = issuer.discoveries()
    const back = await signIn(ANA)
    expect([back.response.statusCode, back.location]).toEqual([302, '/console/'])
    expect(back.session).toMatchObject({ path: '/', httpOnly: true, sameSite: 'Strict', secure: true })
    expect(back.response.cookies).toContainEqual(
      expect.objectContaining({ name: 'chat_console_sign_in', value: '' }),
    )
    expect(await agentOf(back)).toMatchObject({ name: 'Ana', email: ANA.email, role: 'agent' })
    expect(await server.agents.sessions(ANA.email)).toMatchObject([
      { method: 'issuer', device: 'Firefox, Linux' },
    ])
    expect((await audit()).slice(0, 2)).toMatchObject([
      { kind: 'agent-signed-in', details: { method: 'issuer' } },
      { kind: 'agent-linked', by: { kind: 'issuer' } },
    ])
    // The issuer's configuration is kept.
    expect(issuer.discoveries() - before).toBeLessThanOrEqual(1)
    await server.agents.remove(ANA.email)
    expect(await agentOf(back)).toBeNull()
  })

  it('asks nobody for a new password who came in without one', async () => {
    await server.agents.setPassword(ANA.email, 'temporary', { isTemporary: true })
    expect(await agentOf(await signIn(ANA))).not.toHaveProperty('hasTemporaryPassword')
  })

  const now = () => Math.floor(Date.now() / 1_000)
  it.each<[what: string, answer: Answer]>([
    ['another nonce', { claims: { ...ANA, nonce: 'another' } }],
    ['no nonce', { claims: { ...ANA, nonce: undefined } }],
    ['an ID token for another client', { claims: { ...ANA, aud: 'another' } }],
    ['an ID token of another issuer', { claims: { ...ANA, iss: 'https://evil.example' } }],
    ['an ID token signed by another key', { claims: ANA, isForged: true }],
    ['an ID token that has ended', { claims: { ...ANA, exp: now() - 120 } }],
    ['an ID token that is not valid yet', { claims: { ...ANA, nbf: now() + 120 } }],
    ['no subject', { claims: { ...ANA, sub: undefined } }],
    ['no token', { claims: ANA, status: 400 }],
    ['a userinfo of another person', { claims: { sub: 'ana-1' }, userInfo: { ...ANA, sub: 'eve' } }],
  ])('refuses %s', async (_what, { claims = {}, ...more }) => {
    const back = await signIn(claims, more)
    expect([back.location, back.session]).toEqual(['/console/#/sign-in/failed', undefined])
    expect(log.join()).toMatch(/"problem":"failed","reason":"[\w: ]+"/)
    expect(log.join()).not.toMatch(/secret|eyJ|ana@|ana-1|evil/)
  })

  it('bears with clocks that differ by less than a minute', async () => {
    const back = await signIn({ ...ANA, iat: now() + 50, nbf: now() + 50 })
    expect(back.location).toBe('/console/')
  })

  it('takes an answer once, in time, and from the browser that began', async () => {
    const expired = ['/console/#/sign-in/expired', undefined]
    const refused = async (query: URLSearchParams, cookie: { readonly value: string } | undefined) => {
      const back = await comeBack(query, cookie)
      expect([back.location, back.session]).toEqual(expired)
    }
    const [one, other] = [await begin(), await begin()]
    const query = issuer.signIn(one.page, { claims: ANA })
    await refused(query, undefined)
    await refused(query, other.cookie)
    await refused(query, { value: `${one.cookie!.value.slice(0, -4)}AAAA` })
    await refused(new URLSearchParams({ ...Object.fromEntries(query), state: 'changed' }), one.cookie)
    expect((await comeBack(query, one.cookie)).location).toBe('/console/')
    const again = issuer.signIn(one.page, { claims: ANA })
    await refused(again, one.cookie)
    const late = issuer.signIn(other.page, { claims: ANA })
    server.state.aheadMs = 10 * 60_000 + 1_000
    await refused(late, other.cookie)
  })

  it('refuses the answer to a sign-in that began before the issuer was changed', async () => {
    const { page, cookie } = await begin()
    configure({ clientId: 'another' })
    expect((await comeBack(issuer.signIn(page, { claims: ANA }), cookie)).location).toMatch(/expired$/)
  })
})

describe('[AG8] the person', () => {
  it('is the issuer’s subject, whatever their email becomes', async () => {
    const first = await agentOf(await signIn({ ...ANA, sub: 'bound' }))
    expect(
      await agentOf(await signIn({ sub: 'bound', email: 'olga@example.com', email_verified: true })),
    ).toEqual(first)
    const another = await signIn({ ...ANA, sub: somebody() })
    expect([another.location, another.session]).toEqual(['/console/#/sign-in/refused', undefined])
    expect(log.join()).toContain('bound to another person')
    await server.agents.unlink(ANA.email)
    const anew = await signIn({ ...ANA, sub: somebody() })
    expect([anew.location, await agentOf(anew)]).toEqual(['/console/', first])
  })

  it.each<[string, Record<string, unknown>]>([
    ['an email that is not verified', { email: ANA.email, email_verified: false }],
    ['an email whose verification is a text', { email: ANA.email, email_verified: 'true' }],
    ['an email of which nothing is said', { email: ANA.email }],
    ['a name', { name: 'Ana', preferred_username: ANA.email }],
    ['an email that only looks alike', { email: 'an\u0430@example.com', email_verified: true }],
    ['no account', { email: 'nobody@example.com', email_verified: true }],
  ])('does not come in by %s', async (_what, claims) => {
    const back = await signIn({ sub: somebody(), ...claims })
    expect([back.location, back.session]).toEqual(['/console/#/sign-in/refused', undefined])
  })

  it('does not come in by a letter that becomes another one', async () => {
    await server.agents.add({ name: 'Kim', email: 'kim@example.com', password: 'of Kim' })
    const back = await signIn({ sub: somebody(), email: '\u212aim@example.com', email_verified: true })
    expect(back.location).toBe('/console/#/sign-in/refused')
  })

  it('has the email of the userinfo endpoint where the ID token has none', async () => {
    const back = await signIn(
      { sub: 'ana-2' },
      { userInfo: { email: 'Ana@Example.com', email_verified: true } },
    )
    expect(await agentOf(back)).toMatchObject({ name: 'Ana' })
    // The email of one answer is not verified by the other.
    const mixed = { sub: somebody(), email: 'olga@example.com' }
    const other = { email: 'else@example.com', email_verified: true }
    expect((await signIn(mixed, { userInfo: other })).location).toBe('/console/#/sign-in/refused')
  })

  it('gets an account where the domain is the company’s, and nowhere else', async () => {
    configure({ newAgents: { domains: ['northwind.example'], role: 'reader', apps: ['shop' as AppId] } })
    const lee = {
      sub: somebody(),
      email: 'Lee@Northwind.example',
      email_verified: true,
      name: 'Lee\u202e L.',
    }
    const made = await agentOf(await signIn(lee))
    expect(made).toMatchObject({
      email: 'lee@northwind.example',
      name: 'Lee L.',
      role: 'reader',
      apps: ['shop'],
    })
    expect((await audit()).slice(0, 2)).toMatchObject([
      { kind: 'agent-signed-in' },
      { kind: 'agent-added', by: { kind: 'issuer' }, details: { role: 'reader' } },
    ])
    expect(await server.agents.signIn('lee@northwind.example', '')).toBeNull()
    expect(await agentOf(await signIn(lee))).toEqual(made)
    for (const email of ['eve@evil-northwind.example', 'eve@northwind.example.evil.example'])
      expect((await signIn({ sub: somebody(), email, email_verified: true })).session).toBeUndefined()
  })

  it('who was removed stays out, until an administrator makes a new account', async () => {
    configure({ newAgents: { domains: ['example.com'], role: 'agent' } })
    const lee = { sub: somebody(), email: 'lee@example.com', email_verified: true }
    const before = await agentOf(await signIn(lee))
    await server.agents.remove(lee.email)
    expect((await signIn(lee)).location).toBe('/console/#/sign-in/refused')
    expect(log.join()).toContain('the account was removed')
    await server.agents.add({ name: 'Lee', email: lee.email, password: 'anew' })
    const after = await agentOf(await signIn(lee))
    expect(after).toMatchObject({ email: lee.email })
    expect(after?.id).not.toBe(before?.id)
  })
})

describe('[AG9] role and apps by a claim', () => {
  const rules = [
    { value: 'chat-admins', role: 'admin' },
    { value: 'support', role: 'agent', apps: ['shop' as AppId] },
  ] as const
  beforeEach(() => configure({ access: { claim: 'https://northwind.example/groups', rules } }))
  const groups = (...values: readonly string[]) => ({ 'https://northwind.example/groups': values })

  it('are those of the first rule that fits, at each sign-in', async () => {
    const ana = { ...ANA, sub: somebody() }
    const all = await signIn({ ...ana, ...groups('x', 'support', 'chat-admins') })
    expect(await agentOf(all)).toMatchObject({ role: 'admin' })
    const some = await signIn({ ...ana, ...groups('support') })
    expect(await agentOf(some)).toMatchObject({ role: 'agent', apps: ['shop'] })
    const by = { by: { kind: 'issuer' } }
    expect((await audit()).slice(0, 3)).toMatchObject([
      { kind: 'agent-signed-in' },
      { kind: 'agent-apps', ...by, details: { to: ['shop'] } },
      { kind: 'agent-role', ...by, details: { from: 'admin', to: 'agent' } },
    ])
    await signIn({ ...ana, ...groups('support') })
    expect((await audit())[1]).toMatchObject({ kind: 'agent-signed-in' })
    expect((await signIn({ ...ana, ...groups('x') })).location).toBe('/console/#/sign-in/refused')
    expect((await signIn(ana)).location).toBe('/console/#/sign-in/refused')
  })

  it('binds no account and makes none without a rule that fits', async () => {
    configure({
      access: { claim: 'realm.roles', rules },
      newAgents: { domains: ['example.com'], role: 'agent' },
    })
    const lee = { email: 'lee@example.com', email_verified: true }
    for (const person of [ANA, lee])
      expect((await signIn({ ...person, sub: somebody() })).location).toBe('/console/#/sign-in/refused')
    const made = await signIn({ ...lee, sub: somebody() }, { userInfo: { realm: { roles: 'support' } } })
    expect(await agentOf(made)).toMatchObject({ role: 'agent', apps: ['shop'] })
  })

  it('neither make an owner nor change one', async () => {
    const olga = { sub: 'olga', email: 'olga@example.com', email_verified: true }
    expect(await agentOf(await signIn({ ...olga, ...groups('support') }))).toMatchObject({ role: 'owner' })
    expect(await agentOf(await signIn(olga))).toMatchObject({ role: 'owner' })
  })
})

describe('[AG10] a single sign-on that fails', () => {
  it('says that the person turned back, and no more of what the address says', async () => {
    const { page, cookie } = await begin()
    const state = new URL(page).searchParams.get('state') ?? ''
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: 'https://evil.example',
      state,
    })
    expect((await comeBack(query, cookie)).location).toBe('/console/#/sign-in/cancelled')
    const other = await begin()
    const more = { error: '<script>', state: new URL(other.page).searchParams.get('state') ?? '' }
    expect((await comeBack(new URLSearchParams(more), other.cookie)).location).toBe(
      '/console/#/sign-in/failed',
    )
    expect(log.join()).not.toMatch(/evil|script/)
  })

  it('says that the issuer does not answer, and lets it rest', async () => {
    const gone = await startIssuer()
    configure({ url: gone.url })
    expect((await begin()).page).toContain(`${gone.url}/authorize`)
    expect(gone.discoveries()).toBe(1)
    await gone.stop()
    configure({ url: gone.url, clientId: 'another' })
    expect((await begin()).page).toBe('/console/#/sign-in/unreachable')
    expect((await begin()).page).toBe('/console/#/sign-in/unreachable')
    configure()
    expect((await signIn(ANA, { status: 503 })).location).toBe('/console/#/sign-in/unreachable')

    vi.useFakeTimers({ toFake: ['performance'] })
    issuer.setDown(true)
    configure({ clientId: 'another' })
    const before = issuer.discoveries()
    expect((await begin()).page).toBe('/console/#/sign-in/unreachable')
    issuer.setDown(false)
    vi.advanceTimersByTime(4_999)
    expect((await begin()).page).toBe('/console/#/sign-in/unreachable')
    expect(issuer.discoveries() - before).toBe(1)
    vi.advanceTimersByTime(1)
    expect((await begin()).page).toContain(`${issuer.url}/authorize`)
  })

  it('is told where nothing is configured, or the secret is wrong', async () => {
    configure({ clientSecret: 'wrong' })
    expect((await signIn(ANA)).location).toBe('/console/#/sign-in/failed')
    expect(log.join()).toContain('token: invalid_client')
    server.singleSignOn.replace(undefined)
    expect((await begin()).page).toBe('/console/#/sign-in/failed')
    const methods = await server.http.inject({ url: '/console/sign-in' })
    expect(methods.json()).toEqual({ passwords: 'all', issuer: null })
  })

  it('is limited by address', async () => {
    const limited = await startHttp({ limits: { signInsPerMinute: 2 } })
    try {
      const to = async (path: string) =>
        (await limited.http.inject({ url: `/console/oidc/${path}` })).headers.location
      const failed = '/console/#/sign-in/failed'
      const answers = [await to('start'), await to('start'), await to('start'), await to('callback')]
      expect(answers).toEqual([failed, failed, '/console/#/sign-in/rate-limited', failed])
    } finally {
      await limited.stop()
    }
  })

  it('leaves passwords to owners where the operator says so', async () => {
    configure({}, 'owners')
    const methods = await server.http.inject({ url: '/console/sign-in' })
    expect(methods.json()).toEqual({ passwords: 'owners', issuer: { name: 'Northwind' } })
    const signInBy = (email: string, password: string) =>
      server.http.inject({ method: 'POST', url: '/console/session', payload: { email, password } })
    expect((await signInBy('olga@example.com', 'of the owner')).statusCode).toBe(200)
    const [right, wrong] = [await signInBy(ANA.email, 'of Ana'), await signInBy(ANA.email, 'wrong')]
    expect([right.statusCode, right.body]).toEqual([401, wrong.body])
  })
})
