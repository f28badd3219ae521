/** Secrets of sessions: 256 random bits for the device; the server keeps only their hash ([ID1]). */
import { createHash, randomBytes } from 'node:crypto'

export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Lower-case hex. A plain hash is enough: a random input cannot be guessed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
