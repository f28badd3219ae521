/** The public surface of `AgentClient`: everything the console builds on. */
import type {
  ActionRunId,
  AgentId,
  ClientMessageId,
  ConversationId,
  RunActionRequest,
} from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { AgentMessageBody, AgentState, ConversationFilter } from './agent-state.ts'
import type { SessionRequests } from './session-requests.ts'

export interface AgentClientOptions {
  /** The server's origin; the console's own page must come from it, for its cookie to be sent. */
  readonly server: string
  /** Waits between tries, of connecting as of sending. Default: full jitter, 500 ms doubling up to 20 s. */
  readonly policy?: ReconnectPolicy
  /** How long a request waits for its answer. Default 10 000. */
  readonly ackTimeoutMs?: number
  /** Default: HTTP to `/console/session`. */
  readonly sessions?: SessionRequests
  /** `change` is told at most this often: hundreds of conversations may change in one moment. Default 50. */
  readonly changeEveryMs?: number
  /** Keeps an agent's drafts and unsent replies. Default: IndexedDB, or memory where there is none. */
  readonly storageOf?: (agent: AgentId) => ChatStorage
}

export interface AgentClientEvents {
  /** Anything in `getState()` changed. Told at most every `changeEveryMs`. */
  change: AgentState
}

export interface AgentClientApi {
  /** Looks whether the browser still has a session and connects if so. Never rejects; the state tells. */
  restore(): Promise<void>
  /** Resolves when signed in. Rejects with `unauthenticated`, `rate-limited`, `bad-request` or `server-unreachable`. */
  signIn(email: string, password: string): Promise<void>
  /** Ends the session on the server; every conversation, draft and unsent reply here is forgotten. */
  signOut(): Promise<void>
  /** Replaces the list by that of another filter. */
  setFilter(filter: ConversationFilter): void
  /** Appends the next page of the list. */
  loadMore(): Promise<void>
  /** Opens a conversation and follows it, also across reconnects, until another one is opened or this one is left. */
  open(id: ConversationId): void
  leave(): void
  /** Prepends the page before the first message. */
  loadOlder(): Promise<void>
  /** Sends into the open conversation; the timeline shows it as pending until the ack ([DL1]). */
  send(body: AgentMessageBody): ClientMessageId | null
  /** Tries a failed message again, with the same client id ([DL2]). */
  retry(clientId: ClientMessageId): void
  /** Gives a failed message up. */
  discard(clientId: ClientMessageId): void
  /** Runs one of the app's actions for the conversation's visitor; the open conversation shows what comes of it. */
  runAction(conversationId: ConversationId, name: string, params: RunActionRequest['params']): ActionRunId
  /** Takes a run out of the conversation, unless it is under way. */
  dismissRun(runId: ActionRunId): void
  setTyping(typing: boolean): void
  /** What the agent has written in a conversation and not sent. Survives a reload and the session's end. */
  draft(id: ConversationId): string
  setDraft(id: ConversationId, text: string): void
  /** Replies that the server has not acknowledged, in all conversations and windows. */
  unsentReplies(): Promise<number>
  /** The agent has seen everything in the open conversation. */
  markRead(): void
  /** Closes the open conversation. Rejects when the server refuses or cannot be reached. */
  closeConversation(): Promise<void>
  /** Makes the bot or the agents answer in the open conversation from now on. Rejects as closing does. */
  handConversation(handler: 'bot' | 'agents'): Promise<void>
  /** Whether somebody looks at the identity trace of the open conversation, which is kept current then. */
  showIdentityTrace(shown: boolean): void
  getState(): AgentState
  on<Name extends keyof AgentClientEvents>(
    name: Name,
    listener: (detail: AgentClientEvents[Name]) => void,
  ): () => void
  /** Lets go of socket, timers and listeners. Idempotent. */
  close(): void
}
