/** A request to sign in, shown as a card with a button. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { from, type KindDefinition } from './kind.ts'
import { text } from './text.ts'

const posted = z.strictObject({
  login: z.strictObject({
    text: text.default('Please sign in to continue.'),
    button: z.string().trim().min(1).max(LIMITS.buttonLength).default('Sign in'),
  }),
})

export const loginKind = {
  details: z.object({
    login: z.object({
      /** The button's label. */
      button: z.string(),
      /** Kind of work that waits for the sign-in and is replayed once after it. */
      reason: z.enum(['message', 'action']),
    }),
  }),
  posted: from(['agent', 'bot', 'rest'], posted),
  fallback: ({ login }: z.output<typeof posted>) => login.text,
} as const satisfies KindDefinition
