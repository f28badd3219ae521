/** Secrets of 256 bits that the servers of a database share: made by the first one that needs them. */
import { randomBytes } from 'node:crypto'
import type { ServerKeyStorage } from './authentication-request-storage.ts'

export const readServerSecret = async (keys: ServerKeyStorage, name: string, at: number): Promise<Buffer> =>
  Buffer.from(await keys.keep(name, randomBytes(32).toString('base64url'), at), 'base64url')

/** As `readServerSecret`, read when it is first needed, and again after a failure. */
export function createServerSecret(
  keys: ServerKeyStorage,
  name: string,
  now: () => number,
): () => Promise<Buffer> {
  let secret: Promise<Buffer> | null = null
  return () => {
    secret ??= readServerSecret(keys, name, now()).catch((error: unknown) => {
      secret = null
      throw error
    })
    return secret
  }
}
