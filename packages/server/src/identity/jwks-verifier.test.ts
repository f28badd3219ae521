import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createJwksVerifier } from './jwks-verifier.ts'

interface IssuerKey {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

let server: Server
let one: IssuerKey
let two: IssuerKey
let published: IssuerKey[]
let answer: RequestListener
let asked = 0

async function newKey(kid: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } }
}

const withoutKid = ({ privateKey, jwk: { kid: _, ...jwk } }: IssuerKey): IssuerKey => ({ privateKey, jwk })

const keySet = () => JSON.stringify({ keys: published.map(({ jwk }) => jwk) })
const publish: RequestListener = (_request, response) => response.writeHead(200).end(keySet())
const fail: RequestListener = (_request, response) => response.writeHead(503).end()

beforeAll(async () => {
  one = await newKey('one')
  two = await newKey('two')
  server = createServer((request, response) => {
    asked += 1
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  // jose reads its cache's time from `Date`; timers stay real.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  published = [one]
  answer = publish
  asked = 0
})
afterEach(() => vi.useRealTimers())
afterAll(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

const later = (ms: number) => vi.advanceTimersByTime(ms)

function createVerifier(timeoutMs = 10_000) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  const rules = { tokenPath: 'Auth.Token', algorithms: ['ES256'], issuer: 'shop', audience: 'chat' }
  const verifier = createJwksVerifier({ kind: 'jwks', url, ...rules }, { now: Date.now, timeoutMs })
  const verifyToken = (token: string, as = 'ada') =>
    verifier.verify({
      userIdentifier: as,
      context: { Auth: { Token: token } },
      signal: new AbortController().signal,
    })
  const verify = async (
    kid: string | undefined,
    { key = one, as = 'ada' }: { key?: IssuerKey; as?: string } = {},
  ) => verifyToken(await sign(kid, key), as)
  return Object.assign(verify, { token: verifyToken })
}

const sign = (kid: string | undefined, { privateKey }: IssuerKey) =>
  new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'ES256', ...(kid === undefined ? {} : { kid }) })
    .setIssuer('shop')
    .setAudience('chat')
    .setExpirationTime('1m')
    .sign(privateKey)

const ADA = { userIdentifier: 'ada' }
const INVALID = { code: 'context-invalid' }
const UNAVAILABLE = { code: 'verifier-unavailable' }

describe("[ID9] an issuer's keys", () => {
  it('verify, and are asked for once', async () => {
    const verify = createVerifier()
    expect(await verify('one')).toMatchObject(ADA)
    await expect(verify('one', { as: 'grace' })).rejects.toMatchObject({ code: 'context-mismatch' })
    await expect(verify('one', { key: two })).rejects.toMatchObject(INVALID)
    expect(asked).toBe(1)
  })

  it('may rotate: a new one is found by its kid, a withdrawn one is good no more', async () => {
    const verify = createVerifier()
    await verify('one')
    published = [two]
    later(30_000)
    expect(await verify('two', { key: two })).toMatchObject(ADA)
    expect(asked).toBe(2)
    await expect(verify('one')).rejects.toMatchObject(INVALID)
    expect(asked).toBe(2)
  })

  it('that were withdrawn are good for ten minutes at most, with nobody asking for another', async () => {
    const verify = createVerifier()
    await verify('one')
    published = [two]
    later(10 * 60_000)
    await expect(verify('one')).rejects.toMatchObject(INVALID)
  })

  it('are asked for at most once per cooldown, however many kids are invented', async () => {
    const verify = createVerifier()
    await verify('one')
    const storm = async () => {
      const tokens = await Promise.all(Array.from({ length: 100 }, () => sign(randomUUID(), one)))
      return Promise.allSettled(tokens.map((token) => verify.token(token)))
    }
    const first = await storm()
    expect(asked).toBe(1)
    later(30_000)
    const second = await storm()
    expect(asked).toBe(2)
    // Before the next fetch nothing proves that the issuer does not know the kid.
    for (const result of first) expect(result).toMatchObject({ reason: UNAVAILABLE })
    for (const result of second) expect(result).toMatchObject({ reason: INVALID })
    expect(await verify('one')).toMatchObject(ADA)
  })

  it('are each tried where several fit: without a kid, or under one kid', async () => {
    published = [one, two]
    const verify = createVerifier()
    expect(await verify(undefined, { key: one })).toMatchObject(ADA)
    expect(await verify(undefined, { key: two })).toMatchObject(ADA)
    await expect(verify(undefined, { key: two, as: 'grace' })).rejects.toMatchObject({
      code: 'context-mismatch',
    })

    published = [one, { ...two, jwk: { ...two.jwk, kid: 'one' } }]
    const underOneKid = createVerifier()
    expect(await underOneKid('one', { key: two })).toMatchObject(ADA)
    await expect(underOneKid('one', { key: await newKey('one') })).rejects.toMatchObject(INVALID)
  })

  it('that are new while a look may not be repeated yet are no verdict: the token is good after it', async () => {
    const verify = createVerifier()
    await verify('one')
    published = [one, two]
    later(10_000)
    await expect(verify('two', { key: two })).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterMs: 20_000 })
    expect(asked).toBe(1)
    later(20_000)
    expect(await verify('two', { key: two })).toMatchObject(ADA)
    expect(asked).toBe(2)
  })

  it('without a kid may rotate too: a signature that none of them made is looked for', async () => {
    published = [withoutKid(one)]
    const verify = createVerifier()
    expect(await verify(undefined)).toMatchObject(ADA)
    published = [withoutKid(two)]
    await expect(verify(undefined, { key: two })).rejects.toMatchObject(UNAVAILABLE)
    later(30_000)
    expect(await verify(undefined, { key: two })).toMatchObject(ADA)
    expect(asked).toBe(2)
  })

  it('that cannot be read are an outage, which is asked about at most every five seconds', async () => {
    answer = fail
    const verify = createVerifier()
    for (let i = 0; i < 20; i += 1) await expect(verify(randomUUID())).rejects.toMatchObject(UNAVAILABLE)
    expect(asked).toBe(1)
    answer = publish
    later(5_000)
    expect(await verify('one')).toMatchObject(ADA)
    answer = fail
    later(30_000)
    for (let i = 0; i < 20; i += 1) await expect(verify(randomUUID())).rejects.toMatchObject(UNAVAILABLE)
    expect(asked).toBe(3)
    // A known key stays valid.
    expect(await verify('one')).toMatchObject(ADA)
  })

  const json = { 'content-type': 'application/json' }
  it.each<[string, RequestListener]>([
    ['an error', fail],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/keys' }).end(keySet())],
    ['no JSON', (_request, response) => response.writeHead(200, json).end('{')],
    ['no key set', (_request, response) => response.writeHead(200, json).end('{"keys":7}')],
    ['too much', (_request, response) => response.end(keySet().padEnd(256 * 1024 + 1))],
  ])('answered with %s are an outage, and no verdict on the token', async (_title, listener) => {
    answer = listener
    const verify = createVerifier()
    await expect(verify('one')).rejects.toMatchObject(UNAVAILABLE)
    await expect(verify('one')).rejects.toMatchObject(UNAVAILABLE)
    expect(asked).toBe(1)
  })

  it.each<[string, RequestListener]>([
    ['half an answer', (_request, response) => response.writeHead(200, json).write('{"keys":')],
    ['nothing', () => {}],
  ])('answered with %s are an outage when the time is up', async (_title, listener) => {
    // Real time might run out before the issuer was called.
    const time = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(time.signal)
    onTestFinished(() => timeout.mockRestore())
    answer = listener
    const verify = createVerifier(20_000)
    const verifying = expect(verify('one')).rejects.toMatchObject(UNAVAILABLE)
    await expect.poll(() => asked).toBe(1)
    time.abort(new DOMException('the time is up', 'TimeoutError'))
    await verifying
    expect(timeout).toHaveBeenCalledExactlyOnceWith(20_000)
    await expect(verify('one')).rejects.toMatchObject(UNAVAILABLE)
    expect(asked).toBe(1)
  })
})
