/** Requests of the console about webhooks. */
import { z } from 'zod'

export const listWebhooksRequest = z.strictObject({})
export type ListWebhooksRequest = z.input<typeof listWebhooksRequest>

export const listDeliveriesRequest = z.strictObject({
  state: z.enum(['waiting', 'given-up']),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(100),
})
export type ListDeliveriesRequest = z.input<typeof listDeliveriesRequest>

/** `id: null`: those given up, the longest ago first, 1,000 at most. */
export const replayDeliveriesRequest = z.strictObject({ id: z.string().min(1).max(64).nullable() })
export type ReplayDeliveriesRequest = z.input<typeof replayDeliveriesRequest>
