/** Tokens that no library would make. */
import { createHmac } from 'node:crypto'
import { ISSUER, SHOP_SECRET } from './shop.ts'

/** Claims of a valid token, with a test's changes. */
export const claims = (change: object = {}) => {
  const now = Math.floor(Date.now() / 1_000)
  return { iss: ISSUER, aud: 'chat', sub: 'ada', iat: now, exp: now + 600, ...change }
}
/** Encodes a part of a JWT. */
export const encode = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** `null` for a secret: without a signature. */
export function forge(header: object, secret: string | null, change: object = {}): string {
  const signed = `${encode({ typ: 'JWT', ...header })}.${encode(claims(change))}`
  const signature =
    secret === null ? '' : createHmac('sha256', secret).update(signed).digest().toString('base64url')
  return `${signed}.${signature}`
}

/** Signed with the shop's own secret: only the test's changes are wrong. */
export const own = (header: object = {}, change: object = {}) =>
  forge({ alg: 'HS256', ...header }, SHOP_SECRET, change)
