/** What the console can read about its agent, the conversations and the one that is open. */
import type {
  ActionRunId,
  AgentActionOutcome,
  AgentReady,
  AppId,
  ClientMessageId,
  ConversationId,
  ConversationSummary,
  ErrorCode,
  IdentityTraceEntry,
  Message,
  MessageAuthor,
  PostedBody,
} from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'

export type Agent = AgentReady['agent']
export type AgentApp = AgentReady['apps'][number]

/** Whether somebody is signed in. The proof itself is an HttpOnly cookie that no script can read. */
export type AgentSession =
  /** The answer is under way. `problem` is there when the last try failed; the next one follows by itself. */
  | { readonly status: 'restoring'; readonly problem?: ErrorCode }
  /** `reason` is there when a session ended without the agent asking for it: drafts and unsent replies are `kept`. */
  | { readonly status: 'signed-out'; readonly reason?: ErrorCode; readonly kept?: number }
  | { readonly status: 'signed-in'; readonly agent: Agent }

export interface ConversationFilter {
  readonly status: 'open' | 'closed'
  /** `null`: every app the agent sees. */
  readonly app: AppId | null
}

export interface ConversationList {
  readonly filter: ConversationFilter
  readonly status: 'loading' | 'loaded' | 'failed'
  /** Newest first, by `updatedAt`. */
  readonly conversations: readonly ConversationSummary[]
  readonly hasMore: boolean
}

/** A message of any kind that agents may post. */
export type AgentMessageBody = PostedBody

/** An action of the company's API, run for the visitor; only agents see it. */
export interface AgentActionRun {
  readonly runId: ActionRunId
  readonly name: string
  /** ISO 8601, by this device's clock. */
  readonly startedAt: string
  /** The last message when it began. */
  readonly afterSeq: number
  readonly state:
    | { readonly status: 'running' }
    /** The server did not run it. */
    | { readonly status: 'refused'; readonly code: ErrorCode }
    /** After `login-needed` another outcome follows, once the visitor has signed in. */
    | { readonly status: 'concluded'; readonly outcome: AgentActionOutcome }
}

export type AgentTimelineItem =
  | {
      readonly kind: 'stored'
      readonly message: Message
      /** Of messages from agents and bots: whether the visitor has read them. */
      readonly delivery: 'sent' | 'read' | null
    }
  | { readonly kind: 'run'; readonly run: AgentActionRun }
  /** Not acknowledged yet, so it may not be shown as sent ([DL1]). */
  | {
      readonly kind: 'pending'
      readonly clientId: ClientMessageId
      readonly body: AgentMessageBody
      /** ISO 8601, by this device's clock. */
      readonly createdAt: string
      readonly state: { readonly status: 'sending' } | { readonly status: 'failed'; readonly code: ErrorCode }
    }

export type OpenConversation =
  | { readonly status: 'loading'; readonly id: ConversationId }
  /** There is no such conversation, or it could not be read. */
  | { readonly status: 'failed'; readonly id: ConversationId; readonly code: ErrorCode }
  | {
      readonly status: 'open'
      readonly id: ConversationId
      readonly summary: ConversationSummary
      /** Stored messages by seq, runs of actions after the message they began at, then pending ones as written. */
      readonly items: readonly AgentTimelineItem[]
      readonly hasOlder: boolean
      /** Who is typing on the other side. */
      readonly typing: MessageAuthor | null
    }

/** [ID17] How the identity of the open conversation's visitor came about. */
export type IdentityTrace =
  | { readonly status: 'loading' }
  /** Tried again by itself. */
  | { readonly status: 'failed'; readonly code: ErrorCode }
  /** Oldest first. */
  | { readonly status: 'loaded'; readonly entries: readonly IdentityTraceEntry[] }

export interface AgentState {
  readonly connection: ConnectionState
  readonly session: AgentSession
  readonly apps: readonly AgentApp[]
  readonly list: ConversationList
  /** Messages that no agent has read, also in conversations that the list does not hold. */
  readonly unread: number
  readonly conversation: OpenConversation | null
  /** `null` unless it is shown. */
  readonly identityTrace: IdentityTrace | null
}
