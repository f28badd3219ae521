/** Conversations as the console and operators get them. */
import { z } from 'zod'
import { AUTHENTICATION_REQUEST_STATUSES } from '../authentication-requests.ts'
import type { AgentId, AppId, ConversationId } from '../ids.ts'
import { ratingValue } from '../kinds/event.ts'
import { messageAuthor, messageWith } from '../kinds/message.ts'
import { id, nameOf, timestamp, type WireType } from '../kinds/schema-parts.ts'
import { BUILT_IN_METHODS } from '../message.ts'
import { handler } from './agent.ts'

const visitorClaim = z.object({
  label: z.string(),
  /** Plain text of at most 200 characters, in one line. */
  value: z.string(),
  /** True if the app's verifier proved it. If not, it is the browser's claim, which may say anything ([ID9]). */
  verified: z.boolean(),
})
/** A claim of a verified visitor, shown to agents under the label that the app's configuration gives it. */
export type VisitorClaim = WireType<z.output<typeof visitorClaim>>

const nobody = z.object({ verified: z.literal(false) })
const verifiedVisitor = z.object({
  verified: z.literal(true),
  userIdentifier: z.string(),
  /** The method that proved it, if it was not the host's verifier: an approval by email or by identifier. */
  method: z.enum(BUILT_IN_METHODS).optional(),
})
/** A visitor without the claims that agents are shown. */
export const plainVisitor = z.discriminatedUnion('verified', [nobody, verifiedVisitor])
export type PlainVisitor = WireType<z.output<typeof plainVisitor>>

const conversationVisitor = z.discriminatedUnion('verified', [
  nobody,
  verifiedVisitor.extend({
    /** As of the last sign-in or renewal, in the configuration's order. */
    claims: z.array(visitorClaim),
  }),
])
/** An agent's visitor. `verified` is true only for a subject that the app's verifier confirmed. */
export type ConversationVisitor = WireType<z.output<typeof conversationVisitor>>

const conversationLogin = z.object({
  method: z.enum(BUILT_IN_METHODS),
  /** `undeliverable`: nobody is asked, which the visitor does not learn ([AR6]). */
  status: z.enum([...AUTHENTICATION_REQUEST_STATUSES, 'undeliverable']),
  /** ISO 8601: time at which it began, or ended. */
  at: z.string(),
})
/** State of the visitor's login by email or identifier. Without the address, as nobody has proved it. */
export type ConversationLogin = WireType<z.output<typeof conversationLogin>>

export const conversationSummary = z.object({
  id: id<ConversationId>(),
  app: nameOf<AppId>(),
  status: z.enum(['open', 'closed']),
  /** The bot until it hands over, fails, or an agent writes. */
  handler,
  visitor: conversationVisitor,
  online: z.boolean().describe('true if a device of the visitor is connected'),
  headSeq: z.int().nonnegative(),
  agentReadSeq: z.int().nonnegative(),
  visitorReadSeq: z.int().nonnegative(),
  agentDeliveredSeq: z.int().nonnegative().describe('last message that a console holds'),
  visitorDeliveredSeq: z.int().nonnegative().describe('last message that a device of the visitor holds'),
  lastMessage: messageWith(messageAuthor).nullable(),
  rated: z
    .object({ rating: ratingValue, text: z.string().optional() })
    .optional()
    .describe('the visitor’s rating, from 1 to 5; absent without one'),
  erased: z
    .literal(true)
    .optional()
    .describe('the customer was erased: what agents wrote is left, and nobody writes here any more'),
  /** The newest login inside the chat, or `null`. */
  login: conversationLogin.nullable(),
  createdAt: timestamp,
  /** Lists are ordered by it, newest first. */
  updatedAt: timestamp,
})
export type ConversationSummary = WireType<z.output<typeof conversationSummary>>

/** `owner`: everything; `admin`: agents and data of their apps; `agent`: answers; `reader`: reads, changes nothing. */
export const agentRole = z.enum(['owner', 'admin', 'agent', 'reader'])
export type AgentRole = z.output<typeof agentRole>

export const agentAccount = z.object({
  id: id<AgentId>(),
  name: z.string(),
  email: z.string(),
  role: agentRole,
  apps: z.array(nameOf<AppId>()).readonly().describe('apps the agent belongs to; absent: all').optional(),
  avatar: z.string().describe('URL of a picture, https').optional(),
  hasTemporaryPassword: z
    .boolean()
    .describe('true while the password is a temporary one, which ends after 7 days')
    .optional(),
})
export type AgentAccount = WireType<z.output<typeof agentAccount>>
