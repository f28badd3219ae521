/** What the REST interface answers, for the OpenAPI document. Requests are in the protocol's schemas. */
import { z } from 'zod'

const timestamp = z.iso.datetime().describe('by the server’s clock')

const author = z.object({
  kind: z.enum(['visitor', 'agent', 'bot', 'system']),
  name: z.string().optional(),
})

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('signed-in'), userIdentifier: z.string() }),
  z.object({
    type: z.literal('handed-to-agents'),
    cause: z.enum(['bot-failed', 'bot-asked', 'agent-joined']),
  }),
  z.object({ type: z.literal('handed-to-bot') }),
  z.object({ type: z.literal('closed') }),
])

const messageBase = {
  id: z.uuid(),
  clientId: z.uuid(),
  conversationId: z.uuid(),
  seq: z.int().positive().describe('the place in the conversation: 1, 2, 3 …, no gaps'),
  author,
  createdAt: timestamp,
  text: z.string(),
}

const message = z.discriminatedUnion('kind', [
  z.object({ ...messageBase, kind: z.literal('text') }),
  z.object({
    ...messageBase,
    kind: z.literal('login'),
    login: z.object({ button: z.string(), reason: z.enum(['message', 'action']) }),
  }),
  z.object({ ...messageBase, kind: z.literal('event'), event }),
])

const conversation = z.object({
  id: z.uuid(),
  app: z.string(),
  status: z.enum(['open', 'closed']),
  handler: z.enum(['bot', 'agents']),
  visitor: z.discriminatedUnion('verified', [
    z.object({ verified: z.literal(false) }),
    z.object({
      verified: z.literal(true),
      userIdentifier: z.string(),
      method: z.enum(['email', 'identifier']).optional(),
    }),
  ]),
  online: z.boolean().describe('whether a device of the visitor is connected'),
  headSeq: z.int().nonnegative(),
  agentReadSeq: z.int().nonnegative(),
  visitorReadSeq: z.int().nonnegative(),
  lastMessage: message.nullable(),
  login: z
    .object({
      method: z.enum(['email', 'identifier']),
      status: z.enum([
        'pending',
        'approved',
        'denied',
        'expired',
        'canceled',
        'unauthorized',
        'errored',
        'undeliverable',
      ]),
      at: z.string(),
    })
    .nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
})

export const restConversationList = z.object({
  conversations: z.array(conversation).readonly().describe('newest first'),
  cursor: z.string().nullable().describe('give it as `cursor` for the next page; null at the end'),
})
export const restMessageList = z.object({
  messages: z.array(message).readonly().describe('ascending by seq'),
  headSeq: z.int().nonnegative().describe('the last seq of the conversation'),
})
export const restMessage = z.object({ message })
export const restConversation = z.object({ conversation })

export const restError = z.object({
  error: z.object({
    code: z.string().describe('stable'),
    message: z.string().describe('for developers; names the key that is wrong'),
    retryAfterMs: z.number().optional(),
  }),
})

export const errors = (...statuses: readonly number[]) =>
  Object.fromEntries([400, 401, 429, 503, ...statuses].map((status) => [status, restError]))

export const restAuthenticationRequest = z.object({
  authentication_request_id: z.guid(),
  authentication_request_status: z.enum([
    'pending',
    'approved',
    'denied',
    'expired',
    'canceled',
    'unauthorized',
    'errored',
  ]),
  authentication_request_response: z
    .string()
    .nullable()
    .describe(
      'once decided: `decision`, `decided_at` and `subject` as a compact JWS by `/.well-known/jwks.json`',
    ),
  binding_code: z
    .string()
    .optional()
    .describe('with `binding` `code`, while pending: for the one who wants in to see'),
})

export const restAuthenticationRequestEvents = z.object({
  events: z
    .array(
      restAuthenticationRequest.extend({
        cursor: z.string(),
        ended_at: timestamp.describe('by the server’s clock'),
      }),
    )
    .readonly(),
  server_time: timestamp.describe('when the page was made'),
  cursor: z.string().describe('give it as `after` for what comes next'),
})

export const restMuted = z.object({
  muted: z
    .array(
      z.object({
        email: z.string().optional().describe('this, or `identifier`'),
        identifier: z.string().optional(),
        caller: z.enum(['with_key', 'in_chat', 'without_key']).describe('whose requests they do not want'),
        muted_at: timestamp,
      }),
    )
    .readonly()
    .describe('the latest first'),
  cursor: z.string().nullable().describe('give it as `cursor` for the next page; null at the end'),
})
export const restUnmuted = z.object({
  unmuted: z.boolean().describe('whether they were muted until now'),
})
export const restForgotten = z.object({
  deleted: z.int().nonnegative().describe('how many requests there were'),
})

export const consoleAgent = z.object({
  agent: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
})
