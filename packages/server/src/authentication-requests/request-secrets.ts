/** Secrets derived for a request instead of being stored: the binding code, and the nonce of a link's page. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AUTHENTICATION_REQUEST_LIMITS, type AuthenticationRequestId } from '@chat-widget/protocol'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'
import { readServerSecret } from '../storage/server-secret.ts'

/** The name of the key in the database. */
const KEY_NAME = 'authentication-request-secrets'

export type RequestSecrets = Awaited<ReturnType<typeof createRequestSecrets>>

export async function createRequestSecrets(keys: ServerKeyStorage, at: number) {
  const key = await readServerSecret(keys, KEY_NAME, at)
  const derive = (purpose: string, of: string) =>
    createHmac('sha256', key).update(`${purpose}:${of}`).digest()

  // Nothing is stored: a hash of six digits would be as good as the digits to anyone who reads the database.
  /** The same for the same request, on every server and after a restart. */
  const bindingCode = (id: AuthenticationRequestId) => {
    const digits = AUTHENTICATION_REQUEST_LIMITS.bindingDigits
    return String(derive('code', id).readUIntBE(0, 6) % 10 ** digits).padStart(digits, '0')
  }
  /** The nonce of a link's page. Only its reader knows it: following a link decides nothing ([AR1]). */
  const nonce = (token: string) => derive('nonce', token).toString('base64url')
  return {
    bindingCode,
    isBindingCode: (id: AuthenticationRequestId, digits: string): boolean => same(bindingCode(id), digits),
    nonce,
    isNonce: (token: string, given: string): boolean => same(nonce(token), given),
  }
}

/** Compares in constant time. */
export function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
