/** Requests of the console. */
import { z } from 'zod'
import { pictureUrl, place } from '../kinds/choice.ts'
import { postedBy } from '../kinds/message.ts'
import * as LIMITS from '../limits.ts'
import {
  actionName,
  actionParams,
  actionRunId,
  clientMessageId,
  conversationId,
  release,
  seq,
} from './common.ts'

export const agentHandshake = z.strictObject({ protocolVersion: z.int(), release: release.optional() })
export type AgentHandshake = z.input<typeof agentHandshake>

export const agentSessionRequest = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(1_024),
})
export type AgentSessionRequest = z.input<typeof agentSessionRequest>

/** An agent's picture, which visitors see. */
export const agentAvatar = pictureUrl

export const listConversationsRequest = z.strictObject({
  app: z.string().max(LIMITS.nameLength).optional(),
  status: z.enum(['open', 'closed']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(100),
})
export type ListConversationsRequest = z.input<typeof listConversationsRequest>

export const watchConversationRequest = z.strictObject({ conversationId })
export type WatchConversationRequest = z.input<typeof watchConversationRequest>

export const closeConversationRequest = z.strictObject({ conversationId })
export type CloseConversationRequest = z.input<typeof closeConversationRequest>

/** What a console holds, of several conversations. */
export const consoleDeliveredRequest = z.strictObject({
  positions: z.array(z.strictObject({ conversationId, seq })).max(LIMITS.deliveredAtOnce),
})
export type ConsoleDeliveredRequest = z.input<typeof consoleDeliveredRequest>

export const handler = z.enum(['bot', 'agents'])
export const handConversationRequest = z.strictObject({ conversationId, handler })
export type HandConversationRequest = z.input<typeof handConversationRequest>

export const agentSendRequest = z.strictObject({
  conversationId,
  clientId: clientMessageId,
  body: z.union(postedBy('agent', {})),
})
export type AgentSendRequest = z.input<typeof agentSendRequest>

/** A message of the agents' side: its new body, of the kind it has. */
export const editMessageRequest = z.strictObject({
  conversationId,
  clientId: clientMessageId,
  seq: place,
  body: z.union(postedBy('agent', {})),
})
export type EditMessageRequest = z.input<typeof editMessageRequest>

export const deleteMessageRequest = z.strictObject({ conversationId, seq: place })
export type DeleteMessageRequest = z.input<typeof deleteMessageRequest>

export const runActionRequest = z.strictObject({
  conversationId,
  /** Made by the console: the same id again does not run the action twice. */
  runId: actionRunId,
  name: actionName,
  params: actionParams,
})
export type RunActionRequest = z.input<typeof runActionRequest>
