/** Secrets of sessions: 256 random bits for the device, of which the server keeps the hash alone ([ID1]). */
import { createHash, randomBytes } from 'node:crypto'

export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Lower-case hex. A plain hash is enough: the input is random, so there is nothing to guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
