/** The shop of most tests: its configuration, its key, and its customers' tokens. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'

/** Made anew for each run, so that no test depends on them and a leak is found by searching for them. */
export const SHOP_SECRET = randomBytes(32).toString('base64url')
export const API_KEY = `key_${randomBytes(24).toString('base64url')}`
export const BOT_SECRET = `whsec_${randomBytes(24).toString('base64')}`

export const ISSUER = 'https://shop.example.com'
const AUDIENCE = 'chat'

export interface ShopOptions {
  /** Origins that may connect. Default: any port of this machine. */
  readonly origins?: readonly string[]
  readonly bot?: { readonly url: string }
  readonly actions?: object
  readonly login?: object
  /** Claims of a customer that agents are shown. */
  readonly display?: object
  readonly keepDays?: object
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A configuration with the one app `shop`. */
export function shopConfig(options: ShopOptions = {}): object {
  return {
    apps: [
      {
        id: 'shop',
        name: 'Northwind',
        origins: options.origins ?? ['http://127.0.0.1:*', 'http://localhost:*'],
        context: {
          kind: 'jwt',
          tokenPath: 'Auth.Token',
          algorithms: ['HS256'],
          secret: SHOP_SECRET,
          issuer: ISSUER,
          audience: AUDIENCE,
          ...(options.display === undefined ? {} : { display: options.display }),
        },
        apiKeys: [`sha256:${sha256(API_KEY)}`],
        ...(options.bot === undefined ? {} : { bot: { url: options.bot.url, secret: BOT_SECRET } }),
        ...(options.actions === undefined ? {} : { actions: options.actions }),
        ...(options.login === undefined ? {} : { login: options.login }),
        ...(options.keepDays === undefined ? {} : { keepDays: options.keepDays }),
      },
    ],
  }
}

/** A token as the shop's own login issues it. `at`: milliseconds since the epoch, by the shop's clock. */
export function mintToken(
  subject: string,
  lifetimeSeconds = 3_600,
  {
    at = Date.now(),
    claims = {},
    secret = SHOP_SECRET,
  }: { readonly at?: number; readonly claims?: object; readonly secret?: string } = {},
): Promise<string> {
  return (
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(subject)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(at / 1_000))
      // Distinguishes two tokens of one second.
      .setJti(randomUUID())
      .setExpirationTime(Math.floor(at / 1_000) + lifetimeSeconds)
      .sign(new TextEncoder().encode(secret))
  )
}

/** The `user` that a host would set. */
export const customer = (userIdentifier: string) => ({
  userIdentifier,
  requestContextProvider: async () => ({ Auth: { Token: await mintToken(userIdentifier) } }),
})
