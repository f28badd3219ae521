/** Invitation and recovery codes: 130 random bits, for people to read and type ([AR11]). */
import { randomInt } from 'node:crypto'
import { hashToken } from '../../identity/session-token.ts'

/** Crockford's: none of the letters that are taken for digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 26

export const newOneTimeCode = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** As it is printed: in groups. */
export const grouped = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$&-')

/** Of the code as typed: without case, spaces and hyphens, and with the letters that look like digits read as such. */
export const hashCode = (typed: string): string =>
  hashToken(
    typed
      .toUpperCase()
      .replaceAll(/[\s\p{Pd}]/gu, '')
      .replaceAll('O', '0')
      .replaceAll(/[IL]/g, '1'),
  )
