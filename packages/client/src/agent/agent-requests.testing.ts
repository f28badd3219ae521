/** Requests of agents, as the server checks them. */
import type { AgentToServerEvents } from '@chat-widget/protocol'
import {
  addAgentRequest,
  agentRequest,
  agentSendRequest,
  agentUploadRequest,
  changeAgentRequest,
  changePasswordRequest,
  closeConversationRequest,
  consoleDeliveredRequest,
  conversationTraceRequest,
  deleteMessageRequest,
  deleteTemplateRequest,
  editMessageRequest,
  endSessionRequest,
  fetchMessagesRequest,
  handConversationRequest,
  listAgentsRequest,
  listAuditRequest,
  listConversationsRequest,
  listTemplatesRequest,
  readRequest,
  runActionRequest,
  saveTemplateRequest,
  typingRequest,
  watchConversationRequest,
} from '@chat-widget/protocol/schemas'

const REQUESTS: Readonly<
  Record<keyof AgentToServerEvents, { safeParse(payload: unknown): { readonly success: boolean } }>
> = {
  'account:password': changePasswordRequest,
  'agent:add': addAgentRequest,
  'agent:change': changeAgentRequest,
  'agent:password': agentRequest,
  'agent:remove': agentRequest,
  'agent:sessions': agentRequest,
  'agent:sign-out': endSessionRequest,
  'agents:list': listAgentsRequest,
  'audit:list': listAuditRequest,
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
  'template:delete': deleteTemplateRequest,
  'template:save': saveTemplateRequest,
  'templates:list': listTemplatesRequest,
  typing: typingRequest,
}

export const isWellFormed = (event: keyof AgentToServerEvents, payload: unknown): boolean =>
  REQUESTS[event].safeParse(payload).success
