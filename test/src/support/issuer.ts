/** A real issuer of OpenID Connect, by oidc-provider: its own pages, on another site than the chat server. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import type { Page } from 'playwright'

export const CLIENT = { clientId: 'chat', clientSecret: randomBytes(24).toString('base64url') } as const

export interface Person {
  readonly email: string
  readonly isVerified: boolean
  readonly groups: readonly string[]
}

export interface Issuer {
  readonly url: string
  /** Registers the chat server. */
  register(redirectUri: string): Promise<void>
  close(): Promise<void>
}

/** `people`: by the name with which they sign in, which is their subject. */
export async function startIssuer(people: Readonly<Record<string, Person>>): Promise<Issuer> {
  const server = createServer()
  // By name: for a browser another site than 127.0.0.1.
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'signing', alg: 'RS256', use: 'sig' }
  return {
    url,
    async register(redirectUri) {
      const provider = new Provider(url, {
        clients: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            redirect_uris: [redirectUri],
          },
        ],
        jwks: { keys: [key] },
        // Of its own defaults it warns. Seconds.
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        cookies: { keys: [randomBytes(16).toString('hex')] },
        claims: {
          openid: ['sub'],
          email: ['email', 'email_verified'],
          profile: ['name'],
          groups: ['groups'],
        },
        findAccount: (_context, accountId) => ({
          accountId,
          async claims() {
            const person = people[accountId]
            return {
              sub: accountId,
              name: accountId,
              ...(person && {
                ...{ email: person.email, email_verified: person.isVerified, groups: person.groups },
              }),
            }
          },
        }),
      })
      server.on('request', provider.callback())
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Signs in on the issuer's pages, and lets it tell the chat server. */
export async function signInAtIssuer(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(name)
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}
