/** Shared parts of schemas. Objects are strict: an unknown key is refused by name. */
import { z } from 'zod'
import type { ActionRunId, ClientMessageId, ConversationId } from '../ids.ts'
import * as LIMITS from '../limits.ts'

/**
 * Of any version and variant, as callers make them up. Ids are compared as text, so parsing gives each one spelling.
 */
export const uuid = <Id extends string>() =>
  z.guid('must be a UUID').transform((id) => id.toLowerCase() as Id)

export const conversationId = uuid<ConversationId>()
/** Version 8 is reserved for the server, which derives such ids from its work: no client may use one first ([DL2]). */
export const clientMessageId = z
  .guid('must be a UUID')
  .refine((id) => id.charAt(14) !== '8', 'must not be a UUID of version 8')
  .transform((id) => id.toLowerCase() as ClientMessageId)
export const actionRunId = uuid<ActionRunId>()
export const seq = z.int().nonnegative()
/** A client's release, for operators only; it decides nothing. */
export const release = z
  .string()
  .max(LIMITS.releaseLength)
  .regex(/^\d+\.\d+\.\d+[\w.+-]*$/, 'must be a version, e.g. 1.2.3')
/** One of the app's configured actions. */
export const actionName = z.string().min(1).max(LIMITS.nameLength)
export const actionParams = z.record(z.string(), z.union([z.string().max(2_000), z.number(), z.boolean()]))
