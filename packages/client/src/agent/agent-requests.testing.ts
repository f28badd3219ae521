/** Requests of agents, as the server checks them. */
import type { AgentToServerEvents } from '@chat-widget/protocol'
import {
  agentSendRequest,
  agentUploadRequest,
  closeConversationRequest,
  consoleDeliveredRequest,
  conversationTraceRequest,
  deleteMessageRequest,
  editMessageRequest,
  fetchMessagesRequest,
  handConversationRequest,
  listConversationsRequest,
  readRequest,
  runActionRequest,
  typingRequest,
  watchConversationRequest,
} from '@chat-widget/protocol/schemas'

const REQUESTS: Readonly<
  Record<keyof AgentToServerEvents, { safeParse(payload: unknown): { readonly success: boolean } }>
> = {
  'action:run': runActionRequest,
  'conversation:close': closeConversationRequest,
  'conversation:hand': handConversationRequest,
  'conversation:read': readRequest,
  'conversation:trace': conversationTraceRequest,
  'conversation:unwatch': watchConversationRequest,
  'conversation:watch': watchConversationRequest,
  'conversations:delivered': consoleDeliveredRequest,
  'conversations:list': listConversationsRequest,
  'file:upload': agentUploadRequest,
  'message:send': agentSendRequest,
  'message:delete': deleteMessageRequest,
  'message:edit': editMessageRequest,
  'messages:fetch': fetchMessagesRequest,
  typing: typingRequest,
}

export const isWellFormed = (event: keyof AgentToServerEvents, payload: unknown): boolean =>
  REQUESTS[event].safeParse(payload).success
