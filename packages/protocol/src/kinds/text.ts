/** Text, from anyone: plain or Markdown, with quick replies to it, or as the visitor's choice of one. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { choice, place } from './choice.ts'
import { from, type KindDefinition } from './kind.ts'
import type { WireType } from './schema-parts.ts'

/** Text that is not empty after trimming. Kept as written. */
export const text = z
  .string()
  .max(LIMITS.textLength)
  .refine((value) => value.trim() !== '', 'must not be empty')

const format = z
  .enum(['plain', 'markdown'])
  .describe('by default `markdown` for bots and agents, and `plain` for visitors')
  .optional()
const quickReplies = z.array(choice).min(1).max(LIMITS.quickReplies).optional()
const reply = z.strictObject({
  to: place.describe('the seq of the message that offers the value'),
  value: choice.shape.value,
})

/** A choice among a message's quick replies, or of a card's button. */
export type ReplyChoice = WireType<z.output<typeof reply>>

const posted = z.strictObject({ text, format })

export const textKind = {
  details: z.object({ format, quickReplies, reply: reply.optional() }),
  posted: {
    // With `reply`, the server makes the text the label of what was chosen.
    visitor: posted.extend({ reply: reply.optional() }),
    ...from(['agent', 'bot', 'rest'], posted.extend({ quickReplies })),
  },
  fallback: (body: z.output<typeof posted>) => body.text,
} as const satisfies KindDefinition
