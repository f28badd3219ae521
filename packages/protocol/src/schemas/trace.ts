/** Devices' reports of their identity, and operators' requests for it. */
import { z } from 'zod'
import { CLIENT_ERROR_CODES, SERVER_ERROR_CODES } from '../errors.ts'
import { IDENTITY_STATUSES, TRACE_BATCH } from '../identity-trace.ts'
import { conversationId } from './common.ts'

const status = z.enum(IDENTITY_STATUSES)
const traced = z.strictObject({
  /** 1, 2, 3 … in its tab: identifies an entry that is sent again. */
  seq: z.int().min(1),
  at: z.iso.datetime(),
  from: status,
  to: status,
  /** A pattern that matches no token, secret, address or sentence. */
  cause: z
    .string()
    .max(32)
    .regex(/^[a-z]+(-[a-z]+)*$/),
  code: z.enum([...SERVER_ERROR_CODES, ...CLIENT_ERROR_CODES]).optional(),
  /** Hexadecimal, so it cannot be `server`. */
  tab: z.string().regex(/^[0-9a-f]{8}$/),
})

export const traceRequest = z.strictObject({
  /** The device's clock when it sends this: its difference from the server's is the error of `at`. */
  sentAt: z.iso.datetime(),
  entries: z.array(traced).min(1).max(TRACE_BATCH),
})
export type TraceRequest = z.input<typeof traceRequest>

export const conversationTraceRequest = z.strictObject({ conversationId })
export type ConversationTraceRequest = z.input<typeof conversationTraceRequest>
