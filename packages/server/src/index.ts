/** The chat server as a library, for embedding it in a Node application. */
export type { Agent, AgentAccounts } from './agents/agent-accounts.ts'
export {
  type AuthenticationRequests,
  DeliveryRefused,
  type RequestDelivery,
} from './authentication-requests/authentication-requests.ts'
export { type ChatServer, createChatServer } from './chat-server.ts'
export type { AppOptions, ChatServerOptions } from './chat-server-options.ts'
export type { AuthenticationRequestLimits, CreationLimits } from './config/authentication-request-limits.ts'
export type {
  ActionConfig,
  AppConfig,
  ContextConfig,
  DisplayConfig,
  DisplaySource,
  ForwardConfig,
  ServerConfig,
} from './config/config.ts'
export { ConfigurationError } from './config/configuration-error.ts'
export type { ConversationService, PostBody } from './conversations/conversation-service.ts'
export { tuneGarbageCollection } from './garbage-collection.ts'
export type { HttpLimits } from './http/http-limits.ts'
export type { Verified, VerifyRequest } from './identity/context-verifier.ts'
export type { VerifyContext } from './identity/function-verifier.ts'
export type { PersonService } from './persons/person-service.ts'
export type { AuthenticationRequestRecord } from './storage/authentication-request-storage.ts'
