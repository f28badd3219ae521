/** Plain text, from anyone. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import type { KindDefinition } from './kind.ts'

/** Text that is not empty after trimming. Kept as written. */
export const text = z
  .string()
  .max(LIMITS.textLength)
  .refine((value) => value.trim() !== '', 'must not be empty')

const posted = z.strictObject({ text })

export const textKind = {
  details: z.object({}),
  posted,
  sources: ['visitor', 'agent', 'bot', 'rest'],
  fallback: (body: z.output<typeof posted>) => body.text,
} as const satisfies KindDefinition
