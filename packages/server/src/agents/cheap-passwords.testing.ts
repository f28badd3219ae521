/** The least work scrypt takes, for tests that are not about passwords: the default costs each a quarter of a second. */
import type { PasswordCost } from './password-hash.ts'

export const CHEAP_PASSWORDS: PasswordCost = { logN: 1, r: 8, p: 1 }
