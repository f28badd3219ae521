/** Signs decisions with the server's own key, which is made on the first start and kept in the database. */
import type { DecisionClaims } from '@chat-widget/protocol'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'

const ALGORITHM = 'ES256'
/** The name of the key in the database. */
const KEY_NAME = 'decision-signing-es256'

export type DecisionSigner = Awaited<ReturnType<typeof createDecisionSigner>>

export async function createDecisionSigner(keys: ServerKeyStorage, at: number) {
  const jwk = JSON.parse(await keys.keep(KEY_NAME, JSON.stringify(await makeKey()), at)) as JWK
  const key = await importJWK(jwk, ALGORITHM)
  const { kty, crv, x, y, kid } = jwk
  if (kty !== 'EC' || crv === undefined || x === undefined || y === undefined || kid === undefined)
    throw new Error(`the key ${KEY_NAME} in the database is not a key of this server`)
  return {
    /** The public halves alone. */
    // Named one by one: a part that is not named, such as the private half, cannot get out.
    keySet: { keys: [{ kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' }] } satisfies JSONWebKeySet,
    sign: (claims: DecisionClaims): Promise<string> =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' }).sign(key),
  }
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) }
}
