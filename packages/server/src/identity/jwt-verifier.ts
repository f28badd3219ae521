/** Verifies a JWT with the configured keys, usually one: shared secrets, or public keys as PEM or JWK text. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { ContextConfig } from '../config/config.ts'
import { secretList } from '../config/secret.ts'
import { checkVerified, type LocalVerifier } from './context-verifier.ts'
import { toChatError, tokenOf, verifiedOf, verifyOptions } from './token-claims.ts'

type JwtConfig = Extract<ContextConfig, { kind: 'jwt' }>

/** Throws at once if key and algorithms do not belong together. */
export function createJwtVerifier(config: JwtConfig, { now }: { readonly now: () => number }): LocalVerifier {
  const keys = secretList(config.secret).map((secret) => keyOf(secret, config.algorithms))
  if (keys.length === 0) throw new TypeError('a jwt verifier needs a key')
  const options = verifyOptions(config, now)

  /** Only a signature that does not fit is tried with the next key: any other refusal is about the token itself. */
  async function payloadOf(token: string): Promise<JWTPayload> {
    let misfit: unknown
    for (const key of keys) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
        misfit = error
      }
    }
    throw misfit
  }

  return {
    async verify(request) {
      const token = tokenOf(request.context, config)
      try {
        return checkVerified(verifiedOf(await payloadOf(token), now), request, now)
      } catch (error) {
        throw toChatError(error)
      }
    },
  }
}

/** Fails for mixed algorithms as well: embedders may skip the check of the configuration. */
function keyOf(secret: string, algorithms: JwtConfig['algorithms']): Uint8Array | KeyObject {
  const symmetric = algorithms.filter((algorithm) => algorithm.startsWith('HS'))
  if (algorithms.length === 0) throw new TypeError('a jwt verifier needs an algorithm')
  if (symmetric.length === algorithms.length) return new TextEncoder().encode(secret)
  if (symmetric.length > 0) throw new TypeError('HS* and public-key algorithms cannot share one key')
  if (!secret.trimStart().startsWith('{')) return createPublicKey(secret)
  return createPublicKey({ key: JSON.parse(secret) as Record<string, unknown>, format: 'jwk' })
}
