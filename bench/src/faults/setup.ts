/** The app of the fault run: its configuration, its key, and tokens of its customers. */
import { createHash, createHmac, randomBytes } from 'node:crypto'

const APP = 'bench'
const SECRET = randomBytes(32).toString('base64url')
const ISSUER = 'https://shop.example.com'
const AUDIENCE = 'chat'
const LIFETIME_SECONDS = 24 * 3_600
export const API_KEY = `key_${randomBytes(24).toString('base64url')}`
export { APP }

export const config = {
  apps: [
    {
      id: APP,
      name: 'Bench',
      origins: ['http://localhost:*'],
      context: {
        kind: 'jwt',
        tokenPath: 'Auth.Token',
        algorithms: ['HS256'],
        ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE },
      },
      apiKeys: [`sha256:${createHash('sha256').update(API_KEY).digest('hex')}`],
    },
  ],
  // All clients of the run have one address.
  limits: { socketsPerAddress: 20_000, newVisitorsPerMinute: 60_000, requestsPerSecond: 20_000 },
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A user that the client can be given. */
export const customer = (userIdentifier: string) => ({
  userIdentifier,
  async requestContextProvider() {
    const iat = Math.floor(Date.now() / 1_000)
    const claims = { sub: userIdentifier, iss: ISSUER, aud: AUDIENCE, iat, exp: iat + LIFETIME_SECONDS }
    const signed = `${base64({ alg: 'HS256' })}.${base64(claims)}`
    const signature = createHmac('sha256', SECRET).update(signed).digest('base64url')
    return { Auth: { Token: `${signed}.${signature}` } }
  },
})
