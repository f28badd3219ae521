/**
 * Realtime events between the console and the server, in the Socket.IO namespace `/agent`.
 * The console's cookie (`POST /console/session`), HttpOnly and same-site, authenticates the agent.
 */
import type { Result, WireError } from './errors.ts'
import type { IdentityTraceEntry } from './identity-trace.ts'
import type { ActionRunId, AppId, ConversationId, TemplateId } from './ids.ts'
import type { PostedBy } from './kinds/message.ts'
import type { ConversationHead, DeliveryReceipt, Message, ReadReceipt, TypingNotice } from './message.ts'
import type {
  AgentSendRequest,
  CloseConversationRequest,
  ConsoleDeliveredRequest,
  DeleteMessageRequest,
  EditMessageRequest,
  HandConversationRequest,
  ListConversationsRequest,
  RunActionRequest,
  WatchConversationRequest,
} from './schemas/agent.ts'
import type { AgentAccount, ConversationSummary } from './schemas/conversation.ts'
import type { AgentUploadRequest } from './schemas/files.ts'
import type { DeleteTemplateRequest, ListTemplatesRequest, SaveTemplateRequest } from './schemas/templates.ts'
import type { ConversationTraceRequest } from './schemas/trace.ts'
import type { TeamToServerEvents } from './team-events.ts'
import type {
  FetchedMessages,
  FetchMessagesRequest,
  FileLimits,
  ReadRequest,
  TypingRequest,
  UploadTicket,
} from './visitor-events.ts'
import type { WebhooksToServerEvents } from './webhook-events.ts'

export const AGENT_NAMESPACE = '/agent'
/** Time after an agent's request within which an action may begin, and for which the console waits for its outcome. */
export const ACTION_WAIT_MS = 120_000

export type { AgentHandshake } from './schemas/agent.ts'
export type {
  AgentRole,
  ConversationLogin,
  ConversationSummary,
  ConversationVisitor,
  VisitorClaim,
} from './schemas/conversation.ts'
export type { ConversationTraceRequest } from './schemas/trace.ts'
export type {
  AgentSendRequest,
  AgentUploadRequest,
  CloseConversationRequest,
  ConsoleDeliveredRequest,
  DeleteMessageRequest,
  DeleteTemplateRequest,
  EditMessageRequest,
  HandConversationRequest,
  ListConversationsRequest,
  ListTemplatesRequest,
  RunActionRequest,
  SaveTemplateRequest,
  WatchConversationRequest,
}

/** A message that the agents of an app keep to send again ([MK12]). */
export interface MessageTemplate {
  readonly id: TemplateId
  readonly name: string
  readonly body: Exclude<PostedBy<'agent'>, PostedBy<'agent'> & { readonly file: unknown }>
}

export interface AgentReady {
  /** The server's release, e.g. `1.2.3`. */
  readonly release?: string
  readonly serverTime: number
  readonly agent: AgentAccount
  readonly apps: readonly {
    readonly id: AppId
    readonly name: string
    readonly hasBot: boolean
    /**
     * Names of the actions that may be run for its visitors; only the server knows where a call goes and what it
     * carries.
     */
    readonly actions: readonly string[]
    /** Limits of the app's files; absent if it takes none. */
    readonly files?: FileLimits
  }[]
}

export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[]
  /** Pass it as `cursor` for the next page; `null` at the end. */
  readonly cursor: string | null
}

/** [ID17] Oldest first. */
export interface ConversationTrace {
  readonly entries: readonly IdentityTraceEntry[]
}

/** Reason why the company's API gave no answer that can be shown. */
export type ActionFailure =
  /** The action was removed from the configuration. */
  | 'unknown-action'
  /** The context holds a value that cannot be sent. */
  | 'value-refused'
  | 'private-address'
  | 'unreachable'
  | 'timeout'
  | 'not-json'
  /** The answer is too large to show. */
  | 'too-large'

/** Outcome of an action that an agent asked for. */
export type AgentActionOutcome =
  /** The company's answer: `body` is its JSON, or `null`; values of the context are removed. */
  | { readonly kind: 'result'; readonly ok: boolean; readonly status: number; readonly body: unknown }
  /** A login card was posted. After the sign-in the action runs, and its outcome is sent again. */
  | { readonly kind: 'login-needed' }
  /** `status` is the HTTP status, 0 when there was no answer. */
  | { readonly kind: 'failed'; readonly reason: ActionFailure; readonly status: number }
  /** The outcome is not known, or no longer: the action may have run. */
  | { readonly kind: 'no-answer' }

export interface AgentActionNotice {
  readonly conversationId: ConversationId
  readonly runId: ActionRunId
  readonly name: string
  readonly outcome: AgentActionOutcome
}

type Answer<Value> = (result: Result<Value>) => void

export interface AgentToServerEvents extends TeamToServerEvents, WebhooksToServerEvents {
  'conversations:list': (request: ListConversationsRequest, answer: Answer<ConversationPage>) => void
  /** Subscribes this socket to the conversation's messages, receipts and typing. Idempotent. */
  'conversation:watch': (request: WatchConversationRequest, answer: Answer<ConversationSummary>) => void
  'conversation:unwatch': (request: WatchConversationRequest, answer: Answer<null>) => void
  'conversation:read': (request: ReadRequest, answer: Answer<null>) => void
  /** Tells of several conversations what this console holds. Without an answer. */
  'conversations:delivered': (request: ConsoleDeliveredRequest) => void
  'conversation:close': (request: CloseConversationRequest, answer: Answer<null>) => void
  /** Makes the bot or the agents the handler. */
  'conversation:hand': (request: HandConversationRequest, answer: Answer<null>) => void
  /** Resolves with the history of the visitor's identity. */
  'conversation:trace': (request: ConversationTraceRequest, answer: Answer<ConversationTrace>) => void
  /** Answered with the stored message. */
  'message:send': (request: AgentSendRequest, answer: Answer<Message>) => void
  /** Replaces the content of a message of an agent or a bot. Answered with the message. */
  'message:edit': (request: EditMessageRequest, answer: Answer<Message>) => void
  /** Removes the content of a message of an agent or a bot; idempotent. Answered with what is left of it. */
  'message:delete': (request: DeleteMessageRequest, answer: Answer<Message>) => void
  /** Answered with the app's templates, by name. */
  'templates:list': (
    request: ListTemplatesRequest,
    answer: Answer<{ readonly templates: readonly MessageTemplate[] }>,
  ) => void
  /** Adds a template, or replaces the one of this id. */
  'template:save': (request: SaveTemplateRequest, answer: Answer<null>) => void
  /** Idempotent. */
  'template:delete': (request: DeleteTemplateRequest, answer: Answer<null>) => void
  /** Announces a file, to be sent in this conversation by this agent. */
  'file:upload': (request: AgentUploadRequest, answer: Answer<UploadTicket>) => void
  'messages:fetch': (request: FetchMessagesRequest, answer: Answer<FetchedMessages>) => void
  /**
   * Runs one of the app's actions for the conversation's visitor. Answered at once; the outcome comes as
   * `action:outcome`. The same run id runs nothing, and sends an outcome that is there already.
   */
  'action:run': (request: RunActionRequest, answer: Answer<null>) => void
  typing: (request: TypingRequest) => void
}

export interface ServerToAgentEvents {
  ready: (ready: AgentReady) => void
  /** A conversation of any app was created or changed; replaces the summary of the same id. */
  'conversation:updated': (summary: ConversationSummary) => void
  /** [PD5] Conversations were deleted, or emptied: the list and the open one are to be read again. */
  'conversations:deleted': () => void
  /** Number of messages that no agent has read, in all open conversations of all apps. */
  unread: (unread: { readonly count: number }) => void
  message: (message: Message) => void
  receipt: (receipt: ReadReceipt) => void
  delivered: (receipt: DeliveryReceipt) => void
  typing: (typing: TypingNotice) => void
  head: (head: ConversationHead) => void
  /** A watched conversation has new transitions: fetch its trace again, if it is shown. */
  'conversation:traced': (notice: { readonly conversationId: ConversationId }) => void
  /** Sent to the agent who asked, and to those who watch the conversation. The last one of a run counts. */
  'action:outcome': (notice: AgentActionNotice) => void
  'session:ended': (error: WireError) => void
  /** The limits were exceeded: the socket is closed next, and may reconnect after `retryAfterMs`. */
  wait: (error: WireError) => void
}
