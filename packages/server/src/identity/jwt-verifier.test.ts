import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createJwtVerifier } from './jwt-verifier.ts'

const SECRET = 'thirty-two bytes at least, for HS256!'
const NOW = 1_700_000_000_000
const config = {
  kind: 'jwt',
  tokenPath: 'Auth.Token',
  algorithms: ['HS256'],
  secret: SECRET,
  issuer: 'https://shop.example.com',
  audience: 'chat',
} as const
const verifier = createJwtVerifier(config, { now: () => NOW })

const seconds = (fromNow: number) => NOW / 1_000 + fromNow
const good = { iss: config.issuer, aud: config.audience, sub: 'ada', exp: seconds(60) }

function sign(claims: object, secret = SECRET, alg = 'HS256'): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))
}

function verify(token: unknown, userIdentifier = 'ada') {
  return verifier.verify({
    userIdentifier,
    context: { Auth: { Token: token } },
    signal: new AbortController().signal,
  })
}

const without = (claim: keyof typeof good) =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim))

describe('[OP6] a list of secrets', () => {
  const verifyWith = (secret: readonly string[], token: string) =>
    createJwtVerifier({ ...config, secret }, { now: () => NOW }).verify({
      userIdentifier: 'ada',
      context: { Auth: { Token: token } },
      signal: new AbortController().signal,
    })
  const NEXT = 'the next one, of 32 bytes at least'

  it('verifies what was signed with any of them', async () => {
    for (const secret of [SECRET, NEXT])
      expect(await verifyWith([NEXT, SECRET], await sign(good, secret))).toMatchObject({
        userIdentifier: 'ada',
      })
  })

  it('refuses what was signed with none of them', async () => {
    const forged = await sign(good, 'some secret of nobody, 32 bytes long')
    await expect(verifyWith([NEXT, SECRET], forged)).rejects.toMatchObject({ code: 'context-invalid' })
  })

  it('says of a token of the second that it has expired', async () => {
    const late = await sign({ ...good, exp: seconds(-60) })
    await expect(verifyWith([NEXT, SECRET], late)).rejects.toMatchObject({ code: 'context-expired' })
  })
})

describe('[ID9] a JWT', () => {
  it('yields the verified subject and its exact end', async () => {
    expect(await verify(await sign(good))).toMatchObject({ userIdentifier: 'ada', expiresAt: NOW + 60_000 })
  })

  it('yields what else it proves', async () => {
    const told = { ...good, name: 'Ada', plan: { level: 3 } }
    expect((await verify(await sign(told))).claims).toEqual(told)
  })

  it('whose sub is a number says so', async () => {
    await expect(verify(await sign({ ...good, sub: 42 }), '42')).rejects.toMatchObject({
      code: 'context-invalid',
      message: "The token's sub is a number; it must be a string.",
    })
  })

  it.each([
    ['without exp', without('exp'), 'context-invalid'],
    ['without sub', without('sub'), 'context-invalid'],
    ['without iss', without('iss'), 'context-invalid'],
    ['without aud', without('aud'), 'context-invalid'],
    ['with an empty sub', { ...good, sub: '' }, 'context-invalid'],
    ['of another issuer', { ...good, iss: 'https://evil.example.org' }, 'context-invalid'],
    ['for another audience', { ...good, aud: 'bank' }, 'context-invalid'],
    ['for another subject', { ...good, sub: 'grace' }, 'context-mismatch'],
    ['that ended this very moment', { ...good, exp: seconds(0) }, 'context-expired'],
    ['that ended within the clock skew', { ...good, exp: seconds(-30) }, 'context-expired'],
    ['that ended long ago', { ...good, exp: seconds(-3_600) }, 'context-expired'],
    ['with an exp that is no number', { ...good, exp: '2099-01-01' }, 'context-invalid'],
    ['not valid before later than the skew', { ...good, nbf: seconds(61) }, 'context-invalid'],
    ['issued later than the skew', { ...good, iat: seconds(61) }, 'context-invalid'],
  ])('%s is refused', async (_title, claims, code) => {
    await expect(verify(await sign(claims))).rejects.toMatchObject({ code })
  })

  it.each([
    ['nbf', { ...good, nbf: seconds(59) }],
    ['iat', { ...good, iat: seconds(59) }],
  ])('may come from a clock that is ahead by less than 60 s, by %s', async (_claim, claims) => {
    await expect(verify(await sign(claims))).resolves.toMatchObject({ userIdentifier: 'ada' })
  })

  it('with alg none is refused', async () => {
    const token = new UnsecuredJWT(good).encode()
    await expect(verify(token)).rejects.toMatchObject({ code: 'context-invalid' })
  })

  it('signed with another secret or another algorithm is refused', async () => {
    const other = await sign(good, 'another secret that is long enough')
    await expect(verify(other)).rejects.toMatchObject({ code: 'context-invalid' })
    const stronger = await sign(good, SECRET, 'HS512')
    await expect(verify(stronger)).rejects.toMatchObject({ code: 'context-invalid' })
  })

  it('that is not there, or not text, is refused', async () => {
    for (const token of [undefined, '', 7, {}, 'a.b.c']) {
      await expect(verify(token)).rejects.toMatchObject({ code: 'context-invalid' })
    }
  })

  it('is not looked for on prototypes', async () => {
    const inherited = createJwtVerifier({ ...config, tokenPath: 'constructor.name' }, { now: () => NOW })
    const request = { userIdentifier: 'ada', context: {}, signal: new AbortController().signal }
    await expect(inherited.verify(request)).rejects.toMatchObject({
      code: 'context-invalid',
      message: 'The context has no token at constructor.name.',
    })
  })
})

describe('[ID9] a public key', () => {
  it('verifies, and cannot be used as a shared secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const pem = await exportSPKI(publicKey)
    const asymmetric = createJwtVerifier(
      { ...config, algorithms: ['ES256'], secret: pem },
      { now: () => NOW },
    )
    const verifyWith = (token: string) =>
      asymmetric.verify({
        userIdentifier: 'ada',
        context: { Auth: { Token: token } },
        signal: new AbortController().signal,
      })
    const signed = await new SignJWT(good).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    await expect(verifyWith(signed)).resolves.toMatchObject({ userIdentifier: 'ada' })
    await expect(verifyWith(await sign(good, pem))).rejects.toMatchObject({ code: 'context-invalid' })
  })

  it('is refused at once beside HS algorithms', () => {
    const mixed = { ...config, algorithms: ['HS256', 'ES256'] }
    expect(() => createJwtVerifier(mixed, { now: () => NOW })).toThrow(TypeError)
  })
})
