/** Short-lived JWTs that prove a customer to the chat server and to the shop's own order API. */
import { jwtVerify, SignJWT } from 'jose'
import type { Customer } from './customers.ts'

export const TOKEN_ISSUER = 'https://northwind.example'
export const TOKEN_AUDIENCE = 'northwind-chat'

export interface ChatTokens {
  readonly lifetimeSeconds: number
  issue(customer: Customer): Promise<string>
  /** Resolves with the `Customer.id` of the token; `null` if it is expired, forged or for another purpose. */
  verify(token: string): Promise<string | null>
}

export interface ChatTokensOptions {
  /** Shared with the chat server, which verifies by it. */
  readonly secret: string
  /** Default 60: short enough to watch tokens being renewed. */
  readonly lifetimeSeconds?: number
  readonly now?: () => Date
}

export function createChatTokens(options: ChatTokensOptions): ChatTokens {
  const key = new TextEncoder().encode(options.secret)
  const lifetimeSeconds = options.lifetimeSeconds ?? 60
  const now = options.now ?? (() => new Date())

  return {
    lifetimeSeconds,
    issue({ id, name }) {
      const issuedAt = Math.floor(now().getTime() / 1_000)
      return new SignJWT({ name })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(id)
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key)
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          requiredClaims: ['sub', 'exp'],
          currentDate: now(),
        })
        return payload.sub ?? null
      } catch {
        return null
      }
    },
  }
}
