/** Answers of the REST interface, for the OpenAPI document. Requests are in the protocol's schemas. */
import {
  agentAccount,
  conversationSummary,
  fileId,
  messageAuthor,
  messageWith,
  plainVisitor,
  timestamp,
} from '@chat-widget/protocol/schemas'
import { z } from 'zod'

/** Without agents' ids, which mean something in the console only. */
const message = messageWith(messageAuthor.omit({ id: true }))
const conversation = conversationSummary.extend({
  visitor: plainVisitor,
  lastMessage: message.nullable(),
})

export const restConversationList = z.object({
  conversations: z.array(conversation).readonly().describe('newest first'),
  cursor: z.string().nullable().describe('pass it as `cursor` for the next page; null at the end'),
})
export const restMessageList = z.object({
  messages: z.array(message).readonly().describe('ascending by seq'),
  headSeq: z.int().nonnegative().describe('the last seq of the conversation'),
})
export const restMessage = z.object({ message })
export const restConversation = z.object({ conversation })
export const restStarted = z.object({ conversation, message })

export const restFile = z.object({ id: fileId })

export const restError = z.object({
  error: z.object({
    code: z.string().describe('stable'),
    message: z.string().describe('for developers; names the key that is wrong'),
    retryAfterMs: z.number().optional(),
  }),
})

export const errors = (...statuses: readonly number[]) =>
  Object.fromEntries([400, 401, 429, 503, ...statuses].map((status) => [status, restError]))

export const restMuted = z.object({
  muted: z
    .array(
      z.object({
        email: z.string().optional().describe('either this or `identifier`'),
        identifier: z.string().optional(),
        caller: z.enum(['with_key', 'in_chat', 'without_key']).describe('kind of caller that is muted'),
        muted_at: timestamp,
      }),
    )
    .readonly()
    .describe('the latest first'),
  cursor: z.string().nullable().describe('pass it as `cursor` for the next page; null at the end'),
})
export const restUnmuted = z.object({
  unmuted: z.boolean().describe('true if they were muted'),
})
export const restForgotten = z.object({
  deleted: z.int().nonnegative().describe('number of deleted requests'),
})

export const consoleAgent = z.object({ agent: agentAccount })
export const consoleSignIn = z.object({
  passwords: z.enum(['all', 'owners']).describe('`owners`: all others come in by single sign-on alone'),
  issuer: z
    .object({ name: z.string() })
    .nullable()
    .describe('single sign-on, which begins at `/console/oidc/start`; null: there is none'),
})
