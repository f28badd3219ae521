/** Seals the secrets of a sign-in into a cookie, which no script reads and no other server opens. */
import { randomBytes } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { ServerKeyStorage } from '../../storage/authentication-request-storage.ts'

/** Time from the begin of a sign-in to the issuer's answer. Milliseconds. */
export const SIGN_IN_MS = 10 * 60_000

const KEY_NAME = 'console-sign-in'
const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const

const begunShape = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  issuer: z.string(),
  clientId: z.string(),
})
/** A sign-in that has begun at an issuer, as a client of it. */
export type Begun = z.output<typeof begunShape>

export function createSealedSecrets(keys: ServerKeyStorage, now: () => number) {
  let key: Promise<Uint8Array> | null = null
  const keyOf = async () => {
    key ??= keys
      .keep(KEY_NAME, randomBytes(32).toString('base64url'), now())
      .then((text) => new Uint8Array(Buffer.from(text, 'base64url')))
    try {
      return await key
    } catch (error) {
      key = null
      throw error
    }
  }
  return {
    async seal(begun: Begun): Promise<string> {
      return await new EncryptJWT({ ...begun })
        .setProtectedHeader(ALGORITHM)
        .setExpirationTime(new Date(now() + SIGN_IN_MS))
        .encrypt(await keyOf())
    },
    /** `null` if it is not ours, or too old. */
    async open(sealed: string): Promise<Begun | null> {
      const opened = await jwtDecrypt(sealed, await keyOf(), {
        ...{ keyManagementAlgorithms: [ALGORITHM.alg], contentEncryptionAlgorithms: [ALGORITHM.enc] },
        ...{ requiredClaims: ['exp'], currentDate: new Date(now()) },
      }).catch(() => null)
      const begun = begunShape.safeParse(opened?.payload)
      return begun.success ? begun.data : null
    },
  }
}
