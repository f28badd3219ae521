/** Password hashes by scrypt, with their parameters inside: `scrypt$15$8$3$salt$hash`. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { createTurns } from '../limits/turns.ts'

/** The cost of trying one password: scrypt's parameters, N = 2^logN. */
export interface PasswordCost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and a quarter of a second: as strong as OWASP's first choice with a quarter of its memory. */
const PASSWORD_COST: PasswordCost = { logN: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Hashes at a time: each takes 32 MiB and a thread of the pool that file access and DNS also use. */
const CONCURRENCY = 2
/** Some seconds of work; beyond that a sign-in is `rate-limited`. */
const MOST_WAITING = 50

const FORMAT = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22,})\$([\w-]{43,})$/

/** New hashes have this cost; a stored one is verified at its own. */
export function createPasswordHasher(cost: PasswordCost = PASSWORD_COST) {
  const turns = createTurns({ atOnce: CONCURRENCY, mostWaiting: MOST_WAITING })
  const derive = (password: string, salt: Buffer, at: PasswordCost, length: number): Promise<Buffer> =>
    turns.run('', () => runScrypt(password, salt, at, length))

  return {
    async hash(password: string): Promise<string> {
      const salt = randomBytes(SALT_BYTES)
      return format(cost, salt, await derive(password, salt, cost, HASH_BYTES))
    },
    /** Resolves with false, too, for a hash in another format. */
    async verify(password: string, stored: string): Promise<boolean> {
      const match = FORMAT.exec(stored)
      if (match === null) return false
      const [, logN, r, p, salt = '', encoded = ''] = match
      const expected = Buffer.from(encoded, 'base64url')
      const at = { logN: Number(logN), r: Number(r), p: Number(p) }
      const actual = await derive(password, Buffer.from(salt, 'base64url'), at, expected.length)
      return timingSafeEqual(actual, expected)
    },
  }
}

/** A hash that matches no password, made without the work: compared with if there is no account. */
export const decoyHash = (cost: PasswordCost = PASSWORD_COST): string =>
  format(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES))

const format = ({ logN, r, p }: PasswordCost, salt: Buffer, hash: Buffer): string =>
  `scrypt$${logN}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`

function runScrypt(
  password: string,
  salt: Buffer,
  { logN, r, p }: PasswordCost,
  length: number,
): Promise<Buffer> {
  const N = 2 ** logN
  const options = { N, r, p, maxmem: 128 * r * (N + p) + 1024 * 1024 }
  // Another keyboard may compose the same password's characters differently.
  const text = password.normalize('NFKC')
  return new Promise((resolve, reject) =>
    scrypt(text, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error))),
  )
}
