/** Random UUIDs, also on pages without a secure context, where `crypto.randomUUID` is missing. */
import { randomBytes } from '../browser/browser.ts'

export function randomId<Id extends string = string>(): Id {
  // An id is no secret: without a random source it only has to be unique.
  const bytes = randomBytes(16) ?? Uint8Array.from({ length: 16 }, () => Math.random() * 256)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as Id
}
