/** Pieces the schemas share. Objects are strict: an unknown key is refused by name. */
import { z } from 'zod'
import type { ActionRunId, ClientMessageId, ConversationId } from '../ids.ts'
import { LIMITS } from '../limits.ts'

export const conversationId = z.uuid().transform((id) => id as ConversationId)
export const clientMessageId = z.uuid().transform((id) => id as ClientMessageId)
export const actionRunId = z.uuid().transform((id) => id as ActionRunId)
export const seq = z.int().nonnegative()
/** Text that says something: not empty after trimming. Kept as written. */
export const text = z
  .string()
  .max(LIMITS.textLength)
  .refine((value) => value.trim() !== '', 'must not be empty')
export const login = z.strictObject({
  text: text.default('Please sign in to continue.'),
  button: z.string().trim().min(1).max(LIMITS.buttonLength).default('Sign in'),
})
/** One of the app's configured actions. */
export const actionName = z.string().min(1).max(LIMITS.nameLength)
export const actionParams = z.record(z.string(), z.union([z.string().max(2_000), z.number(), z.boolean()]))
