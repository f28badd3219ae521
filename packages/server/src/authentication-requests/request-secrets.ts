/** What is derived for a request instead of being kept: the binding code, and the nonce of a link's page. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AUTHENTICATION_REQUEST_LIMITS, type AuthenticationRequestId } from '@chat-widget/protocol'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'

export interface RequestSecrets {
  /** The same for the same request, on every server and after a restart. */
  bindingCode(id: AuthenticationRequestId): string
  isBindingCode(id: AuthenticationRequestId, digits: string): boolean
  /** A page that was not read cannot know it: following a link decides nothing ([AR1]). */
  nonce(token: string): string
  isNonce(token: string, nonce: string): boolean
}

/** The name of the key in the database. */
const KEY_NAME = 'authentication-request-secrets'

export async function createRequestSecrets(keys: ServerKeyStorage, at: number): Promise<RequestSecrets> {
  const key = Buffer.from(await keys.keep(KEY_NAME, randomBytes(32).toString('base64url'), at), 'base64url')
  const derive = (purpose: string, of: string) =>
    createHmac('sha256', key).update(`${purpose}:${of}`).digest()

  // A stored hash of six digits would be as good as the digits to whoever reads the database; so nothing is stored.
  const bindingCode = (id: AuthenticationRequestId) => {
    const digits = AUTHENTICATION_REQUEST_LIMITS.bindingDigits
    return String(derive('code', id).readUIntBE(0, 6) % 10 ** digits).padStart(digits, '0')
  }
  const nonce = (token: string) => derive('nonce', token).toString('base64url')
  return {
    bindingCode,
    isBindingCode: (id, digits) => same(bindingCode(id), digits),
    nonce,
    isNonce: (token, given) => same(nonce(token), given),
  }
}

/** In a time that does not tell how much of it fits. */
export function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
