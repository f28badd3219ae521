/**
 * Realtime events between the console and the server, in the Socket.IO namespace `/agent`.
 * The agent is known by the console's cookie (`POST /console/session`), which is HttpOnly and same-site.
 */
import type { Result, WireError } from './errors.ts'
import type { IdentityTraceEntry } from './identity-trace.ts'
import type { ActionRunId, AppId, ConversationId } from './ids.ts'
import type { ConversationHead, Message, ReadReceipt, TypingNotice } from './message.ts'
import type {
  AgentSendRequest,
  CloseConversationRequest,
  HandConversationRequest,
  ListConversationsRequest,
  RunActionRequest,
  WatchConversationRequest,
} from './schemas/agent.ts'
import type { AgentAccount, ConversationSummary } from './schemas/conversation.ts'
import type { ConversationTraceRequest } from './schemas/trace.ts'
import type { FetchedMessages, FetchMessagesRequest, ReadRequest, TypingRequest } from './visitor-events.ts'

export const AGENT_NAMESPACE = '/agent'
/** How long after an agent asked for an action it may still begin, and the console waits for its outcome. */
export const ACTION_WAIT_MS = 120_000

export type { AgentHandshake } from './schemas/agent.ts'
export type {
  ConversationLogin,
  ConversationSummary,
  ConversationVisitor,
  VisitorClaim,
} from './schemas/conversation.ts'
export type { ConversationTraceRequest } from './schemas/trace.ts'
export type {
  AgentSendRequest,
  CloseConversationRequest,
  HandConversationRequest,
  ListConversationsRequest,
  RunActionRequest,
  WatchConversationRequest,
}

export interface AgentReady {
  readonly serverTime: number
  readonly agent: AgentAccount
  readonly apps: readonly {
    readonly id: AppId
    readonly name: string
    readonly hasBot: boolean
    /** Names of what may be run for its visitors; where a call goes and what it carries is the server's alone. */
    readonly actions: readonly string[]
  }[]
}

export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[]
  /** Give it as `cursor` for the next page; `null` at the end. */
  readonly cursor: string | null
}

/** [ID17] Oldest first. */
export interface ConversationTrace {
  readonly entries: readonly IdentityTraceEntry[]
}

/** Why the company's API gave no answer that can be shown. */
export type ActionFailure =
  /** The configuration names it no more. */
  | 'unknown-action'
  /** The context holds something that cannot be sent. */
  | 'value-refused'
  | 'private-address'
  | 'unreachable'
  | 'timeout'
  | 'not-json'
  /** It answered, with more than can be shown. */
  | 'too-large'

/** What became of an action that an agent asked for. */
export type AgentActionOutcome =
  /** The company's answer: `body` is its JSON, `null` when there was none; nothing in it is the context's. */
  | { readonly kind: 'result'; readonly ok: boolean; readonly status: number; readonly body: unknown }
  /** A login card is in the conversation. After the sign-in the action runs, and its outcome is told once more. */
  | { readonly kind: 'login-needed' }
  /** `status` is the HTTP status, 0 when there was no answer. */
  | { readonly kind: 'failed'; readonly reason: ActionFailure; readonly status: number }
  /** What came of it is not known, or not known any more: it may have run. */
  | { readonly kind: 'no-answer' }

export interface AgentActionNotice {
  readonly conversationId: ConversationId
  readonly runId: ActionRunId
  readonly name: string
  readonly outcome: AgentActionOutcome
}

type Answer<Value> = (result: Result<Value>) => void

export interface AgentToServerEvents {
  'conversations:list': (request: ListConversationsRequest, answer: Answer<ConversationPage>) => void
  /** From now on this socket gets the conversation's messages, receipts and typing. Watching again is harmless. */
  'conversation:watch': (request: WatchConversationRequest, answer: Answer<ConversationSummary>) => void
  'conversation:unwatch': (request: WatchConversationRequest, answer: Answer<null>) => void
  'conversation:read': (request: ReadRequest, answer: Answer<null>) => void
  'conversation:close': (request: CloseConversationRequest, answer: Answer<null>) => void
  /** Makes the bot or the agents answer from now on. */
  'conversation:hand': (request: HandConversationRequest, answer: Answer<null>) => void
  /** How the visitor's identity came about. */
  'conversation:trace': (request: ConversationTraceRequest, answer: Answer<ConversationTrace>) => void
  /** Answered with the message as it is stored. */
  'message:send': (request: AgentSendRequest, answer: Answer<Message>) => void
  'messages:fetch': (request: FetchMessagesRequest, answer: Answer<FetchedMessages>) => void
  /**
   * Runs one of the app's actions for the conversation's visitor. Answered at once; the outcome is told by
   * `action:outcome`. The same run id again runs nothing, and tells an outcome that is there already.
   */
  'action:run': (request: RunActionRequest, answer: Answer<null>) => void
  typing: (request: TypingRequest) => void
}

export interface ServerToAgentEvents {
  ready: (ready: AgentReady) => void
  /** Any conversation of any app was created or changed; replaces the summary of the same id. */
  'conversation:updated': (summary: ConversationSummary) => void
  /** Messages that no agent has read, in all open conversations of all apps. */
  unread: (unread: { readonly count: number }) => void
  message: (message: Message) => void
  receipt: (receipt: ReadReceipt) => void
  typing: (typing: TypingNotice) => void
  head: (head: ConversationHead) => void
  /** A conversation that this socket watches has new transitions: ask for its trace again, if it is shown. */
  'conversation:traced': (notice: { readonly conversationId: ConversationId }) => void
  /** To the agent who asked, and to those who watch the conversation. Of one run the last one counts. */
  'action:outcome': (notice: AgentActionNotice) => void
  'session:ended': (error: WireError) => void
  /** Too much was sent: the socket is closed next, and a new one is let in after `retryAfterMs`. */
  wait: (error: WireError) => void
}
