/** Verifies a JWT with one configured key: a shared secret, or a public key as PEM or JWK text. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { ContextConfig } from '../config/config.ts'
import { checkVerified, type LocalVerifier } from './context-verifier.ts'
import { toChatError, tokenOf, verifiedOf, verifyOptions } from './token-claims.ts'

type JwtConfig = Extract<ContextConfig, { kind: 'jwt' }>

/** Throws at once if key and algorithms do not belong together. */
export function createJwtVerifier(config: JwtConfig, { now }: { readonly now: () => number }): LocalVerifier {
  const key = keyOf(config)
  return {
    async verify(request) {
      const token = tokenOf(request.context, config)
      try {
        const { payload } = await jwtVerify(token, key, verifyOptions(config, now))
        return checkVerified(verifiedOf(payload, now), request, now)
      } catch (error) {
        throw toChatError(error)
      }
    },
  }
}

/** Fails for mixed algorithms as well: embedders may skip the check of the configuration. */
function keyOf({ algorithms, secret }: JwtConfig): Uint8Array | KeyObject {
  const symmetric = algorithms.filter((algorithm) => algorithm.startsWith('HS'))
  if (algorithms.length === 0) throw new TypeError('a jwt verifier needs an algorithm')
  if (symmetric.length === algorithms.length) return new TextEncoder().encode(secret)
  if (symmetric.length > 0) throw new TypeError('HS* and public-key algorithms cannot share one key')
  if (!secret.trimStart().startsWith('{')) return createPublicKey(secret)
  return createPublicKey({ key: JSON.parse(secret) as Record<string, unknown>, format: 'jwk' })
}
