/** An issuer of OpenID Connect that answers what a test says: the real one, in `test/`, does nothing wrong. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { IssuerConfig } from '../../config/config.ts'

export const CLIENT = { clientId: 'chat', clientSecret: 'a secret: of the & client' } as const

/** One answer. */
export interface Answer {
  /** Beside `iss`, `aud`, `sub`, `nonce`, `iat` and `exp`; `undefined` takes one of these away. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Default: the ID token has all claims and there is nothing more. */
  readonly userInfo?: Readonly<Record<string, unknown>>
  /** By a key that the issuer does not publish. */
  readonly isForged?: boolean
  /** Status of the token endpoint, in whose place it has an error. */
  readonly status?: number
}

export type TestIssuer = Awaited<ReturnType<typeof startIssuer>>

export async function startIssuer() {
  const [own, forged] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const codes = new Map<string, { readonly page: URL; readonly answer: Answer }>()
  let userInfo: object = {}
  let url = ''
  let discoveries = 0
  let isDown = false

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    switch (request.url) {
      case '/.well-known/openid-configuration':
        discoveries += 1
        if (isDown) return void send(503, {})
        return void send(200, {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          userinfo_endpoint: `${url}/userinfo`,
          jwks_uri: `${url}/jwks`,
          id_token_signing_alg_values_supported: ['ES256'],
        })
      case '/jwks':
        return void send(200, { keys: [{ ...(await exportJWK(own.publicKey)), kid: '1', alg: 'ES256' }] })
      case '/userinfo':
        return void send(200, userInfo)
      case '/token': {
        const form = new URLSearchParams(await textOf(request))
        const code = codes.get(form.get('code') ?? '')
        codes.delete(form.get('code') ?? '')
        const secret = encodeURIComponent(CLIENT.clientSecret)
        const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${secret}`).toString('base64')}`
        if (decodeBasic(request.headers.authorization) !== decodeBasic(basic))
          return void send(401, { error: 'invalid_client' })
        const hash = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url')
        if (code?.page.searchParams.get('code_challenge') !== hash)
          return void send(400, { error: 'invalid_grant' })
        const { answer, page } = code
        if (answer.status !== undefined) return void send(answer.status, { error: 'server_error' })
        const now = Math.floor(Date.now() / 1_000)
        const claims = {
          ...{ iss: url, aud: CLIENT.clientId, sub: randomUUID(), iat: now, exp: now + 300 },
          nonce: page.searchParams.get('nonce'),
          ...answer.claims,
        }
        userInfo = { sub: claims.sub, ...answer.userInfo }
        const idToken = await new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', kid: '1' })
          .sign(answer.isForged === true ? forged.privateKey : own.privateKey)
        return void send(200, {
          access_token: 'secret-access-token',
          token_type: 'bearer',
          id_token: idToken,
        })
      }
      default:
        return void send(404, {})
    }
  }

  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    config: (more: Partial<IssuerConfig> = {}): IssuerConfig => ({
      ...{ name: 'Northwind', url, ...CLIENT, scopes: ['openid', 'email'] },
      ...more,
    }),
    /** Lets somebody sign in on the issuer's page. Returns the query with which their browser goes back. */
    signIn(page: string, answer: Answer = {}): URLSearchParams {
      const at = new URL(page)
      const code = randomUUID()
      codes.set(code, { page: at, answer })
      return new URLSearchParams({ code, state: at.searchParams.get('state') ?? '' })
    },
    setDown(down: boolean): void {
      isDown = down
    },
    /** Number of times the configuration was asked for. */
    discoveries: () => discoveries,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Clients escape in more than one way. */
const decodeBasic = (header = ''): string =>
  decodeURIComponent(Buffer.from(header.replace('Basic ', ''), 'base64').toString().replaceAll('+', ' '))

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
