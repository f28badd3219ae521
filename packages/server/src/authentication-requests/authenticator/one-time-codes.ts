/** Invitation and recovery codes: 130 random bits, for people to read and type ([AR11]). */
import { randomInt } from 'node:crypto'
import { hashToken } from '../../identity/session-token.ts'

/** Crockford's alphabet: without the letters that look like digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 26

export const newOneTimeCode = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** Returns the code as it is printed: in groups. */
export const grouped = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$&-')

/** Hash of the code as typed: ignores case, spaces and hyphens, and reads letters that look like digits as digits. */
export const hashCode = (typed: string): string =>
  hashToken(
    typed
      .toUpperCase()
      .replaceAll(/[\s\p{Pd}]/gu, '')
      .replaceAll('O', '0')
      .replaceAll(/[IL]/g, '1'),
  )
