/** Bodies and queries of the REST interface for operators and integrations. */
import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { clientMessageId, login, text } from './common.ts'

export const restListQuery = z.strictObject({
  status: z.enum(['open', 'closed']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export const restMessagesQuery = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(LIMITS.fetchMessages).default(LIMITS.fetchMessages),
})

/** `client_id` makes the call idempotent: the same one again answers with the message stored first. */
export const restPostMessage = z.union([
  z.strictObject({ text, client_id: clientMessageId.optional() }),
  z.strictObject({ login, client_id: clientMessageId.optional() }),
])
export type RestPostMessage = z.input<typeof restPostMessage>
