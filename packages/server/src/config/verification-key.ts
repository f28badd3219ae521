/** Checks that a key fits the algorithms pinned to it. No message repeats any part of the key. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

/** RFC 7518, section 3.2: a key is at least as long as the hash's output. */
const HASH_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }
/** E.g. the line break at the end of a file: the other side signs without it, so every token looks forged. */
export const PADDED = 'begins or ends with white space'

/** RFC 7518, section 3.3. */
const RSA_BITS = 2048
const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

/** Returns the problem of the key for these algorithms (all HS*, or none), or `undefined`. */
export function problemOfKey(key: string, algorithms: readonly string[]): string | undefined {
  const isPem = /-----BEGIN /.test(key)
  if (algorithms.every((algorithm) => algorithm in HASH_BYTES)) {
    if (isPem) return 'is a PEM key, which cannot be the shared secret of an HS algorithm'
    if (isJwk(key)) return 'is a JWK, which cannot be the shared secret of an HS algorithm'
    // White space around a secret is padding or a mistake; neither makes it harder to guess.
    const bytes = Buffer.byteLength(key.trim())
    const short = algorithms.find((algorithm) => bytes < (HASH_BYTES[algorithm] ?? 0))
    if (short !== undefined)
      return `has ${bytes} bytes; ${short} needs at least ${HASH_BYTES[short]}, e.g. what \`openssl rand -hex 32\` prints`
    return key === key.trim() ? undefined : PADDED
  }
  const publicKey = readPublicKey(key, isPem)
  if (typeof publicKey === 'string') return publicKey
  const misfit = algorithms.find((algorithm) => !fits(publicKey, algorithm))
  return misfit === undefined ? undefined : `is not a key for ${misfit}`
}

/** True also for a symmetric JWK: the secret would be its JSON text, which nobody intends. */
function isJwk(key: string): boolean {
  try {
    const value: unknown = JSON.parse(key)
    return typeof value === 'object' && value !== null && 'kty' in value
  } catch {
    return false
  }
}

function readPublicKey(key: string, isPem: boolean): KeyObject | string {
  if (/PRIVATE KEY-----/.test(key)) return 'is a private key; give the public one'
  if (isPem && !/-----BEGIN PUBLIC KEY-----/.test(key)) return 'must be PEM of the kind BEGIN PUBLIC KEY'
  try {
    if (isPem) return createPublicKey(key)
    const jwk: unknown = JSON.parse(key)
    if (typeof jwk !== 'object' || jwk === null) return 'must be a public key as PEM or JWK text'
    if ('d' in jwk) return 'is a private key; give the public one'
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch {
    return 'must be a public key as PEM or JWK text'
  }
}

function fits(key: KeyObject, algorithm: string): boolean {
  const curve = CURVES[algorithm]
  if (curve !== undefined)
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return key.asymmetricKeyType === 'ed25519'
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS
}
