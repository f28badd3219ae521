/**
 * Attacks on visitors' identity, against the running server. Other files test missing or wrong claims one by one
 * (`identity/jwt-verifier.test.ts`), verifiers that hang or lie (`realtime/verifying.test.ts`), and contexts that try
 * to steer an action (`asapp-style.test.ts`).
 */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Authenticated, type Result, VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { claims, encode, forge, own } from './support/forged-token.ts'
import { connectVisitor, type RawVisitor } from './support/raw-device.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { ISSUER, SHOP_SECRET, shopConfig } from './support/shop.ts'

const ORIGIN = 'https://shop.example.com'
const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PUBLIC_PEM = issuer.publicKey.export({ type: 'spki', format: 'pem' }).toString()

let server: ServerHere
/** The attacker's own server, which nobody may call; and the issuer's key set. */
const evil = { asked: 0, url: '' }
const keySet = { asked: 0, url: '' }
const stops: (() => void)[] = []

async function listen(state: { asked: number; url: string }, body: string): Promise<void> {
  const http = createServer((_request, response) => {
    state.asked += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  state.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/keys.json`
  stops.push(() => {
    http.closeAllConnections()
    http.close()
  })
}

beforeAll(async () => {
  const jwk = await exportJWK(createPublicKey(PUBLIC_PEM))
  await listen(keySet, JSON.stringify({ keys: [{ ...jwk, kid: 'one', alg: 'RS256' }] }))
  await listen(evil, JSON.stringify({ keys: [{ ...(await evilJwk()), kid: 'one' }] }))
  const { apps } = shopConfig() as { apps: [{ context: object }] }
  const [shop] = apps
  const asymmetric = { tokenPath: 'Auth.Token', algorithms: ['RS256'], issuer: ISSUER, audience: 'chat' }
  const app = (id: string, context: object) => ({ ...shop, id, apiKeys: [], context })
  server = await startServerHere({
    apps: [
      { ...shop, origins: [ORIGIN] },
      { ...app('bank', { ...shop.context, audience: 'bank' }), origins: ['https://bank.example.com'] },
      app('rsa', { ...asymmetric, kind: 'jwt', secret: PUBLIC_PEM }),
      app('jwks', { ...asymmetric, kind: 'jwks', url: keySet.url }),
    ],
  })
})
afterAll(async () => {
  for (const stop of stops) stop()
  await server?.close()
})

const evilPair = generateKeyPair('RS256', { extractable: true })
const evilJwk = async () => exportJWK((await evilPair).publicKey)

const byIssuer = (header: object = {}, change: object = {}) =>
  new SignJWT(claims(change))
    .setProtectedHeader({ alg: 'RS256', ...header } as JWTHeaderParameters)
    .sign(issuer.privateKey)

const byAttacker = async (header: object) =>
  new SignJWT(claims())
    .setProtectedHeader({ alg: 'RS256', ...header } as JWTHeaderParameters)
    .sign((await evilPair).privateKey)

async function visit(app = 'shop', handshake: object = {}): Promise<RawVisitor> {
  const visitor = await connectVisitor(server.url, { app, ...handshake })
  onTestFinished(() => visitor.close())
  return visitor
}

const authenticate = (
  { socket }: RawVisitor,
  context: object,
  userIdentifier = 'ada',
): Promise<Result<Authenticated>> =>
  socket.emitWithAck('identity:authenticate', {
    userIdentifier,
    context: context as never,
    mergePolicy: 'merge',
  })

/** Bypasses the client's own encoder, which would fail first. Resolves with the acknowledgement's content. */
function askRaw({ socket }: RawVisitor, event: string): Promise<unknown> {
  const id = 999_999
  const { engine } = socket.io
  return new Promise((resolve) => {
    engine.on('data', (text) => {
      const answer = String(text).split(`,${id}`)
      if (answer.length === 2 && answer[0] === `3${VISITOR_NAMESPACE}`) resolve(JSON.parse(answer[1] ?? ''))
    })
    engine.send(`2${VISITOR_NAMESPACE},${id}${event}`)
  })
}

const present = (visitor: RawVisitor, token: unknown) => authenticate(visitor, { Auth: { Token: token } })

/** Checks that the visitor has the same identity, on this socket and by its secret. */
async function changedNothing(visitor: RawVisitor, app = 'shop'): Promise<void> {
  await visitor.send(crypto.randomUUID(), 'still me')
  const again = await visit(app, { session: visitor.ready.session!.token })
  expect(again.ready.identity).toEqual(visitor.ready.identity)
}

async function isRefused(token: unknown, app = 'shop', code: unknown = 'context-invalid'): Promise<void> {
  const visitor = await visit(app)
  const answer = await present(visitor, token)
  expect(answer).toMatchObject({ ok: false, error: { code } })
  if (typeof token === 'string' && token.length > 20)
    expect(JSON.stringify(answer)).not.toContain(token.slice(-20))
  await changedNothing(visitor, app)
}

const refusedConnect = (handshake: object, options = {}) =>
  connectVisitor(server.url, handshake, options).then(
    () => 'let in',
    (refused: { error?: { code: string } }) => refused.error?.code,
  )

describe('[ID9] what the attacks are measured by: a good token', () => {
  it('identifies', async () => {
    const identified = { ok: true, value: { identity: { status: 'identified', userIdentifier: 'ada' } } }
    expect(await present(await visit(), own())).toMatchObject(identified)
    expect(await present(await visit('rsa'), await byIssuer())).toMatchObject(identified)
    expect(await present(await visit('jwks'), await byIssuer({ kid: 'one' }))).toMatchObject(identified)
  })
})

describe.concurrent('[ID9] a shared secret that can be guessed keeps the server from starting:', () => {
  it.each([
    ['empty', ''],
    ['white space', ' '.repeat(64)],
    ['short', 'x'.repeat(31)],
    ['short, but padded', `${'x'.repeat(31)}${' '.repeat(33)}`],
    ['the public key', PUBLIC_PEM],
  ])('%s', async (_title, secret) => {
    const { apps } = shopConfig() as { apps: [{ context: object }] }
    const [shop] = apps
    const started = startServerHere({ apps: [{ ...shop, context: { ...shop.context, secret } }] })
    await expect(started).rejects.toThrow(/ended with 2: .*apps\[0\]\.context\.secret/)
  })
})

describe('[ID9] a token without a signature that counts', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', ''])('alg %j', async (alg) => {
    await isRefused(forge({ alg }, null))
    await isRefused(forge({ alg }, SHOP_SECRET))
  })

  it.each(['rsa', 'jwks'])('alg none where a public key is expected: %s', async (app) => {
    await isRefused(forge({ alg: 'none', kid: 'one' }, null), app)
  })

  it('a good one whose signature was cut off, or whose claims were changed after signing', async () => {
    const [header, , signature] = own().split('.')
    await isRefused(`${header}.${encode(claims())}.`)
    await isRefused(`${header}.${encode(claims({ exp: 9_999_999_999 }))}.${signature}`)
  })

  it('no JWT at all', async () => {
    for (const token of ['', ' ', 'null', '..', 7, true, ['a'], { alg: 'none' }, null]) await isRefused(token)
  })
})

describe('[ID9] one algorithm passed off as another', () => {
  it.each([
    ['as it is printed', PUBLIC_PEM],
    ['without its last line break', PUBLIC_PEM.trimEnd()],
    ['as DER', issuer.publicKey.export({ type: 'spki', format: 'der' }).toString('latin1')],
    ['as JWK', JSON.stringify(issuer.publicKey.export({ format: 'jwk' }))],
  ])('HS256 with the public key for a secret, %s', async (_title, secret) => {
    for (const app of ['rsa', 'jwks']) await isRefused(forge({ alg: 'HS256', kid: 'one' }, secret), app)
  })

  it('RS256 where a shared secret is expected', async () => {
    await isRefused(await byIssuer())
  })

  it.each(['HS384', 'HS512', 'PS256', 'RS256'])('%s in the header of an HS256 signature', async (alg) => {
    await isRefused(forge({ alg }, SHOP_SECRET))
  })

  it('the right key with an algorithm that the app does not name', async () => {
    const signed = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(claims()).setProtectedHeader({ alg }).sign(key)
    for (const alg of ['HS384', 'HS512']) await isRefused(await signed(alg, Buffer.from(SHOP_SECRET)))
    for (const alg of ['PS256', 'RS512']) await isRefused(await signed(alg, issuer.privateKey), 'rsa')
  })

  it('HMAC with an empty secret', async () => {
    await isRefused(forge({ alg: 'HS256' }, ''))
  })
})

describe('[ID9] a token that says which key to take', () => {
  it.each(['rsa', 'jwks'])('jwk, jku and x5u with a key of its own are not listened to: %s', async (app) => {
    const jwk = await evilJwk()
    for (const header of [{ jwk }, { jku: evil.url }, { x5u: evil.url }, { x5c: [encode('no certificate')] }])
      await isRefused(await byAttacker({ kid: 'one', ...header }), app)
    expect(evil.asked).toBe(0)
  })

  it.each([
    '../../../../dev/null',
    '/dev/null',
    "x' UNION SELECT 'secret' --",
    '__proto__',
    'constructor',
    'http://127.0.0.1:1/',
    'one\u0000',
    '',
  ])('kid %j finds no key', async (kid) => {
    // No such key; or its keys were fetched a moment ago, and there may be one by now.
    const unknown = expect.stringMatching(/^(context-invalid|verifier-unavailable)$/)
    await isRefused(await byAttacker({ kid }), 'jwks', unknown)
    await isRefused(await byIssuer({ kid }), 'jwks', unknown)
    await isRefused(forge({ alg: 'HS256', kid }, ''))
  })

  it('200 invented kids make the server ask for the keys once at most', async () => {
    const before = keySet.asked
    const visitors = await Promise.all(Array.from({ length: 20 }, () => visit('jwks')))
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        visitors.map(async (visitor) =>
          present(visitor, await byIssuer({ kid: randomBytes(8).toString('hex') })),
        ),
      )
      for (const answer of answers) expect(answer.ok).toBe(false)
    }
    expect(keySet.asked - before).toBeLessThanOrEqual(1)
  })

  it('an extension that must be understood is not', async () => {
    await isRefused(own({ crit: ['exp-ignored'], 'exp-ignored': true }))
  })
})

describe('[ID9] a token for something else', () => {
  it.each([
    ['another issuer', { iss: 'https://evil.example.com' }, 'context-invalid'],
    ['an issuer that only begins alike', { iss: `${ISSUER}.evil.com` }, 'context-invalid'],
    ['no issuer', { iss: undefined }, 'context-invalid'],
    ['another audience', { aud: 'bank' }, 'context-invalid'],
    ['other audiences', { aud: ['bank', 'chat.evil.com'] }, 'context-invalid'],
    ['no audience', { aud: undefined }, 'context-invalid'],
    ['no end', { exp: undefined }, 'context-invalid'],
    ['an end that is text', { exp: '9999999999' }, 'context-invalid'],
    ['an end that is over', { exp: Math.floor(Date.now() / 1_000) - 1 }, 'context-expired'],
    ['a beginning in an hour', { nbf: Math.floor(Date.now() / 1_000) + 3_600 }, 'context-invalid'],
    ['no subject', { sub: undefined }, 'context-invalid'],
    ['another subject', { sub: 'grace' }, 'context-mismatch'],
    ['a subject in other letters', { sub: 'ADA' }, 'context-mismatch'],
    ['a subject with a space more', { sub: 'ada ' }, 'context-mismatch'],
    ['a subject that is a list', { sub: ['ada'] }, 'context-invalid'],
  ])('%s', async (_title, change, code) => {
    await isRefused(own({}, change), 'shop', code)
  })

  it('of another app of the same company, in both directions', async () => {
    await isRefused(own({}, { aud: 'bank' }), 'shop')
    await isRefused(own(), 'bank')
  })
})

describe('[ID11] an old secret', () => {
  it('of an anonymous session is worth nothing once it was replaced, not even to the user who replaced it', async () => {
    const visitor = await visit()
    await visitor.send(crypto.randomUUID(), 'mine')
    const session = visitor.ready.session!.token
    expect(await present(visitor, own())).toMatchObject({ ok: true })
    for (const intent of ['anonymous', 'identify'])
      expect(await refusedConnect({ session, intent })).toBe('session-invalid')
  })

  it('replayed by two devices at once makes one of them the owner', async () => {
    const visitor = await visit()
    const { id } = visitor.ready.conversation!
    await visitor.send(crypto.randomUUID(), 'mine')
    const thief = await visit('shop', { session: visitor.ready.session!.token })
    // The session of the slower one has ended, and its socket may be closed before it has its answer.
    const answers = await Promise.allSettled([
      authenticate(visitor, { Auth: { Token: own({}, { sub: 'owner' }) } }, 'owner'),
      authenticate(thief, { Auth: { Token: own({}, { sub: 'thief' }) } }, 'thief'),
    ])
    const merged = answers.filter(
      (answer) =>
        answer.status === 'fulfilled' &&
        answer.value.ok &&
        answer.value.value.receipt?.mergedConversations.includes(id),
    )
    expect(merged).toHaveLength(1)
  })
})

describe('[ID10] the secret of a session', () => {
  it('is worth nothing in another app', async () => {
    const visitor = await visit()
    const answer = await present(visitor, own())
    const sessions = [(await visit()).ready.session!.token, answer.ok ? answer.value.session!.token : '']
    for (const session of sessions) {
      for (const app of ['bank', 'rsa'])
        expect(await refusedConnect({ app, session, intent: 'identify' })).toBe('session-invalid')
    }
  })

  it.each(['https://evil.example.com', 'https://bank.example.com', 'null'])(
    'is worth nothing to a page of %s',
    async (origin) => {
      const session = (await visit()).ready.session!.token
      const from = (page: string) => ({ extraHeaders: { origin: page } })
      expect(await refusedConnect({ session }, from(origin))).toBe('origin-refused')
      const own = await connectVisitor(server.url, { session }, from(ORIGIN))
      onTestFinished(() => own.close())
      expect(own.ready.identity.status).toBe('anonymous')
    },
  )

  it('does not outlive a forged renewal', async () => {
    const visitor = await visit('shop', { intent: 'identify' })
    const answer = await present(visitor, own())
    const session = answer.ok ? answer.value.session!.token : ''
    expect(await present(visitor, own({}, { sub: 'mallory' }))).toMatchObject({
      error: { code: 'context-mismatch' },
    })
    expect(await refusedConnect({ session, intent: 'identify' })).toBe('session-invalid')
  })
})

describe('[ID3] [ID9] a context', () => {
  const LIMIT = 16 * 1024
  const sized = (bytes: number) => {
    const context = { Auth: { Token: own() }, pad: '' }
    return { ...context, pad: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(context))) }
  }
  const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object

  it('of 16 KiB identifies, and of one byte more does not', async () => {
    expect(await authenticate(await visit(), sized(LIMIT))).toMatchObject({ ok: true })
    const visitor = await visit()
    const invalid = { ok: false, error: { code: 'context-invalid' } }
    expect(await authenticate(visitor, sized(LIMIT + 1))).toMatchObject(invalid)
    // The limit counts bytes, not characters.
    const wide = { ...sized(LIMIT), pad: '€'.repeat(LIMIT / 2) }
    expect(await authenticate(visitor, wide)).toMatchObject(invalid)
    await changedNothing(visitor)
  })

  it('nested 16 deep identifies, and 17 deep does not', async () => {
    const deep = (levels: number) => ({ Auth: { Token: own() }, deep: nested(levels - 1) })
    expect(await authenticate(await visit(), deep(16))).toMatchObject({ ok: true })
    const visitor = await visit()
    expect(await authenticate(visitor, deep(17))).toMatchObject({ error: { code: 'context-invalid' } })
    await changedNothing(visitor)
  })

  it('nested deeper than a stack is refused, and the server lives on', async () => {
    const visitor = await visit()
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    const request = `{"userIdentifier":"ada","mergePolicy":"merge","context":{"Auth":${deep}}}`
    const answer = await askRaw(visitor, `["identity:authenticate",${request}]`)
    expect(answer).toMatchObject([{ ok: false, error: { code: 'context-invalid' } }])
    await changedNothing(visitor)
  })

  it.each(['__proto__', 'constructor', 'prototype'])(
    'with the key %s is refused, at any depth',
    async (key) => {
      const token = own()
      const polluted = [
        `{"Auth":{"Token":"${token}"},"${key}":{"userIdentifier":"ada"}}`,
        `{"Auth":{"Token":"${token}","${key}":{"admin":true}}}`,
        `{"${key}":{"Auth":{"Token":"${token}"}}}`,
        `{"Auth":{"Token":"${token}"},"list":[{"${key}":1}]}`,
      ]
      const visitor = await visit()
      for (const text of polluted) {
        const answer = await authenticate(visitor, JSON.parse(text) as object)
        expect(answer).toMatchObject({ ok: false, error: { code: 'context-invalid' } })
      }
      await changedNothing(visitor)
    },
  )
})

it('[ID9] nothing of any of this stands in the log', () => {
  expect(server.stderr()).not.toContain('eyJ')
  expect(server.stderr()).not.toContain(SHOP_SECRET)
})
