import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createJwksVerifier } from './jwks-verifier.ts'

let server: Server
let privateKey: CryptoKey
let down = false
let asked = 0

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  privateKey = pair.privateKey
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] })
  server = createServer((_request, response) => {
    asked += 1
    response.writeHead(down ? 503 : 200, { 'content-type': 'application/json' }).end(keys)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

function createVerifier() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  const rules = { tokenPath: 'Auth.Token', algorithms: ['ES256'], issuer: 'shop', audience: 'chat' }
  const verifier = createJwksVerifier({ kind: 'jwks', url, ...rules }, { now: Date.now })
  return async (kid: string, userIdentifier = 'ada') => {
    const token = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('shop')
      .setAudience('chat')
      .setExpirationTime('1m')
      .sign(privateKey)
    const signal = new AbortController().signal
    return verifier.verify({ userIdentifier, context: { Auth: { Token: token } }, signal })
  }
}

it('[ID9] verifies by the keys the issuer publishes, and asks for them once', async () => {
  const verify = createVerifier()
  asked = 0
  expect(await verify('one')).toMatchObject({ userIdentifier: 'ada' })
  await expect(verify('one', 'grace')).rejects.toMatchObject({ code: 'context-mismatch' })
  await expect(verify('unknown')).rejects.toMatchObject({ code: 'context-invalid' })
  expect(asked).toBe(1)
})

it('[ID9] fails closed, as an outage, when the keys cannot be read', async () => {
  down = true
  await expect(createVerifier()('one')).rejects.toMatchObject({ code: 'verifier-unavailable' })
  down = false
})
