/** Seals the secrets of a sign-in into a cookie, which no script reads and no other server opens. */
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { ServerKeyStorage } from '../../storage/authentication-request-storage.ts'
import { createServerSecret } from '../../storage/server-secret.ts'

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
  const keyOf = createServerSecret(keys, KEY_NAME, now)
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
