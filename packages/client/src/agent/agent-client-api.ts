/** The public API of `AgentClient`, which the console uses. */
import type {
  ActionRunId,
  AgentId,
  ClientMessageId,
  ConversationId,
  RunActionRequest,
  SignInMethods,
} from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { AgentMessageBody, AgentMessageDraft, AgentState, ConversationFilter } from './agent-state.ts'
import type { AgentTeam } from './agent-team.ts'
import type { AgentTemplates } from './agent-templates.ts'
import type { AgentWebhooks } from './agent-webhooks.ts'
import type { SessionRequests } from './session-requests.ts'

export interface AgentClientOptions {
  /** The server's address, below whose path it answers; the console's page must come from it, so that its cookie is sent. */
  readonly server: string
  /** Waits between retries, of connecting and of sending. Default: full jitter, 500 ms doubling up to 20 s. */
  readonly policy?: ReconnectPolicy
  /** Time limit of a request. Milliseconds, default 10 000. */
  readonly ackTimeoutMs?: number
  /** Default: HTTP to `/console/session`. */
  readonly sessions?: SessionRequests
  /** Least interval between `change` events: hundreds of conversations may change at once. Milliseconds, default 50. */
  readonly changeEveryMs?: number
  /** Storage of an agent's drafts and unsent replies. Default: IndexedDB, or memory if there is none. */
  readonly storageOf?: (agent: AgentId) => ChatStorage
}

export interface AgentClientEvents {
  /** Anything in `getState()` changed. Emitted at most every `changeEveryMs`. */
  change: AgentState
}

export interface AgentClientApi {
  /**
   * Checks for a session of the browser, and connects if there is one, e.g. of a sign-in in another window since. Never
   * rejects; the state has the result.
   */
  restore(): Promise<void>
  /** Resolves when signed in. Rejects with `unauthenticated`, `rate-limited`, `bad-request` or `server-unreachable`. */
  signIn(email: string, password: string): Promise<void>
  /** Ways to sign in to the console. Rejects with `server-unreachable` or `internal`. */
  signInMethods(): Promise<SignInMethods>
  /** Ends the session on the server, and deletes every conversation, draft and unsent reply here. */
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
  /** Sends into the open conversation; the timeline shows it as pending until the ack ([DL1]). `null` to a reader. */
  send(message: AgentMessageDraft): ClientMessageId | null
  /** Retries a failed message with the same client id ([DL2]). */
  retry(clientId: ClientMessageId): void
  /** Deletes a failed message, or a file that is being sent: its upload ends. */
  discard(clientId: ClientMessageId): void
  /**
   * Replaces the content of a message of an agent or the bot in the open conversation, by one of its kind. Rejects as
   * closing does.
   */
  edit(seq: number, body: AgentMessageBody): Promise<void>
  /** Removes the content of a message of an agent or the bot. Rejects as closing does. */
  remove(seq: number): Promise<void>
  /** Messages that are kept to be sent again. */
  readonly templates: AgentTemplates
  readonly team: AgentTeam
  readonly webhooks: AgentWebhooks
  /** Runs one of the app's actions for the conversation's visitor; the open conversation shows the outcome. */
  runAction(conversationId: ConversationId, name: string, params: RunActionRequest['params']): ActionRunId
  /** Removes a run from the conversation, unless it is under way. */
  dismissRun(runId: ActionRunId): void
  setTyping(typing: boolean): void
  /** The agent's unsent text in a conversation. Kept across reloads and the session's end. */
  draft(id: ConversationId): string
  setDraft(id: ConversationId, text: string): void
  /** Number of replies without an ack, in all conversations and windows. */
  unsentReplies(): Promise<number>
  /** Marks everything in the open conversation as read; a reader's reading does not count. */
  markRead(): void
  /** Closes the open conversation. Rejects if the server refuses or cannot be reached. */
  closeConversation(): Promise<void>
  /** Makes the bot or the agents the open conversation's handler. Rejects as closing does. */
  handConversation(handler: 'bot' | 'agents'): Promise<void>
  /** Shows or hides the identity trace of the open conversation, which is updated while it is shown. */
  showIdentityTrace(shown: boolean): void
  getState(): AgentState
  on<Name extends keyof AgentClientEvents>(
    name: Name,
    listener: (detail: AgentClientEvents[Name]) => void,
  ): () => void
  /** Closes socket, timers and listeners. Idempotent. */
  close(): void
}
