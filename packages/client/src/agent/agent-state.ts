/** State that the console reads: the agent, the conversations and the open one. */
import type {
  ActionRunId,
  AgentActionOutcome,
  AgentReady,
  AppId,
  ClientMessageId,
  ConversationId,
  ConversationSummary,
  ErrorCode,
  FileLimits,
  IdentityTraceEntry,
  Message,
  PostedBy,
  TypingAuthor,
} from '@chat-widget/protocol'
import type { ConnectionState, FileDraft, OutgoingFile, PendingUpload } from '../chat-state.ts'

export type Agent = AgentReady['agent']
export type AgentApp = AgentReady['apps'][number]

/** The agent's sign-in. Its proof is an HttpOnly cookie that no script can read. */
export type AgentSession =
  /** The answer is pending. `problem` is set if the last try failed; the next one follows by itself. */
  | { readonly status: 'restoring'; readonly problem?: ErrorCode }
  /** `reason` is set if a session ended without the agent asking for it: drafts and unsent replies are `kept`. */
  | { readonly status: 'signed-out'; readonly reason?: ErrorCode; readonly kept?: number }
  | { readonly status: 'signed-in'; readonly agent: Agent }

export interface ConversationFilter {
  readonly status: 'open' | 'closed'
  /** `null`: all apps of the agent. */
  readonly app: AppId | null
}

export interface ConversationList {
  readonly filter: ConversationFilter
  readonly status: 'loading' | 'loaded' | 'failed'
  /** Newest first, by `updatedAt`. */
  readonly conversations: readonly ConversationSummary[]
  readonly hasMore: boolean
}

/** A message of any kind that agents may post, without bytes. */
export type AgentMessageBody = Exclude<PostedBy<'agent'>, { readonly file: unknown }>

/** A message of any kind that agents may send: a file with its bytes, and text to it. */
export type AgentMessageDraft = AgentMessageBody | FileDraft

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
      /** For messages of agents and bots: stored, held by a device of the visitor, read by the visitor. */
      readonly delivery: 'sent' | 'delivered' | 'read' | null
    }
  | { readonly kind: 'run'; readonly run: AgentActionRun }
  /** Not acknowledged yet, so it must not be shown as sent ([DL1]). */
  | {
      readonly kind: 'pending'
      readonly clientId: ClientMessageId
      readonly body: AgentMessageBody | OutgoingFile
      /** Of a file; absent after a reload, until its turn comes. */
      readonly upload?: PendingUpload | undefined
      /** ISO 8601, by this device's clock. */
      readonly createdAt: string
      readonly state: { readonly status: 'sending' } | { readonly status: 'failed'; readonly code: ErrorCode }
    }

export type OpenConversation =
  | { readonly status: 'loading'; readonly id: ConversationId }
  /** There is no such conversation, or it could not be loaded. */
  | { readonly status: 'failed'; readonly id: ConversationId; readonly code: ErrorCode }
  | {
      readonly status: 'open'
      readonly id: ConversationId
      readonly summary: ConversationSummary
      /**
       * Stored messages by seq, runs of actions after the message they began at, then pending messages in order of
       * writing.
       */
      readonly items: readonly AgentTimelineItem[]
      readonly hasOlder: boolean
      /** The author who is typing on the other side. */
      readonly typing: TypingAuthor | null
    }

/** [ID17] Transitions of the identity of the open conversation's visitor. */
export type IdentityTrace =
  | { readonly status: 'loading' }
  /** Retried automatically. */
  | { readonly status: 'failed'; readonly code: ErrorCode }
  /** Oldest first. */
  | { readonly status: 'loaded'; readonly entries: readonly IdentityTraceEntry[] }

export interface AgentState {
  readonly connection: ConnectionState
  readonly session: AgentSession
  readonly apps: readonly AgentApp[]
  readonly list: ConversationList
  /** Number of messages that no agent has read, also in conversations outside of the list. */
  readonly unread: number
  readonly conversation: OpenConversation | null
  /** `null` unless it is shown. */
  readonly identityTrace: IdentityTrace | null
}

/** Limits of the files of a conversation's app; `null`: it takes none; `undefined`: the conversation is not known here. */
export function fileLimits(
  { apps, list, conversation }: AgentState,
  id: ConversationId,
): FileLimits | null | undefined {
  const shown = conversation?.status === 'open' ? [conversation.summary] : []
  const summary = [...shown, ...list.conversations].find((one) => one.id === id)
  const app = apps.find((one) => one.id === summary?.app)
  return app && (app.files ?? null)
}
