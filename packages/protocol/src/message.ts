/** What a conversation consists of: messages in one gapless order. */
import type { AgentId, ClientMessageId, ConversationId, MessageId } from './ids.ts'

export interface MessageAuthor {
  readonly kind: 'visitor' | 'agent' | 'bot' | 'system'
  /** An agent of the console: two may have the same name. */
  readonly id?: AgentId
  readonly name?: string
}

interface MessageBase {
  readonly id: MessageId
  readonly clientId: ClientMessageId
  readonly conversationId: ConversationId
  /** The place in the conversation: 1, 2, 3 …, no gaps. Clients order by it alone. */
  readonly seq: number
  readonly author: MessageAuthor
  /** ISO 8601, by the server's clock. For display only, never for order. */
  readonly createdAt: string
  /** Plain text. For kinds other than `text`, a fallback in English for clients that do not know the kind. */
  readonly text: string
}

export interface TextMessage extends MessageBase {
  readonly kind: 'text'
}

/** Ways to sign in that a login card may offer. */
export type LoginMethod = 'host' | 'email' | 'identifier'

/** Those that need nothing of the host: the server asks a person out of band. */
export type BuiltInMethod = Exclude<LoginMethod, 'host'>

/** A request to sign in, shown as a card with a button. */
export interface LoginMessage extends MessageBase {
  readonly kind: 'login'
  readonly login: {
    /** The button's label. */
    readonly button: string
    /** What waits for the sign-in and is replayed once after it. */
    readonly reason: 'message' | 'action'
  }
}

/** Something that happened in the conversation; the text is a fallback, clients word it in their language. */
export type ConversationEvent =
  | { readonly type: 'signed-in'; readonly userIdentifier: string }
  | { readonly type: 'handed-to-agents'; readonly cause: 'bot-failed' | 'bot-asked' | 'agent-joined' }
  | { readonly type: 'handed-to-bot' }
  | { readonly type: 'closed' }

export interface EventMessage extends MessageBase {
  readonly kind: 'event'
  readonly event: ConversationEvent
}

export type Message = TextMessage | LoginMessage | EventMessage

/** A conversation as a visitor's device sees it. */
export interface Conversation {
  readonly id: ConversationId
  readonly status: 'open' | 'closed'
  /** The last seq; 0 while there is no message. */
  readonly headSeq: number
  /** How far the visitor has read, on any device. */
  readonly visitorReadSeq: number
  /** How far an agent or the bot has read. */
  readonly agentReadSeq: number
}

/** How far somebody has read. */
export interface ReadReceipt {
  readonly conversationId: ConversationId
  readonly reader: 'visitor' | 'agent'
  readonly seq: number
}

export interface TypingNotice {
  readonly conversationId: ConversationId
  readonly author: MessageAuthor
  readonly typing: boolean
}

/** The last seq of a conversation, for whoever may have missed something ([DL3]). */
export interface ConversationHead {
  readonly conversationId: ConversationId
  readonly headSeq: number
}
