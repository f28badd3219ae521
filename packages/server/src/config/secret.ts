/** Secrets of the configuration: one, or several while they are being replaced ([OP6]). */
import { z } from 'zod'

/** All of a list verify and sign; the first one signs first. */
export type Secret = string | readonly string[]

const MOST = 10

export const secretList = (secret: Secret): readonly string[] =>
  typeof secret === 'string' ? [secret] : secret

export const secretOf = (one: z.ZodType<string>) =>
  z.union([
    one,
    z.array(one).min(1, 'must list at least one secret').max(MOST, `must list at most ${MOST} secrets`),
  ])
