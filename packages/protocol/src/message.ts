/** A conversation: messages in one gapless order. Their kinds are defined in `kinds/`. */
import type { ConversationId } from './ids.ts'
import type { MessageAuthor } from './kinds/message.ts'

export { answeredSeq, choicesOf, formatOf } from './answers.ts'
export { type FormProblem, type FormValues, formProblem } from './form-values.ts'
export type { Card } from './kinds/cards.ts'
export type { Choice } from './kinds/choice.ts'
export type { ConversationEvent, HandOverCause } from './kinds/event.ts'
export type { SentFile } from './kinds/file.ts'
export type { Form, FormField } from './kinds/form.ts'
export type {
  Kind,
  Message,
  MessageAuthor,
  MessageContent,
  PostedBody,
  PostedBy,
  PostedKind,
} from './kinds/message.ts'
export { postedKind } from './kinds/posted-kind.ts'
export type { ReplyChoice } from './kinds/text.ts'
export { IMAGE_SCHEMES, isSafeUrl, LINK_SCHEMES } from './safe-url.ts'

/** Methods to sign in without the host: the server asks a person out of band. */
export const BUILT_IN_METHODS = ['email', 'identifier'] as const
export type BuiltInMethod = (typeof BUILT_IN_METHODS)[number]

/** Methods to sign in that a login card may offer. */
export type LoginMethod = 'host' | BuiltInMethod

/** A conversation as a visitor's device sees it. */
export interface Conversation {
  readonly id: ConversationId
  readonly status: 'open' | 'closed'
  /** The last seq; 0 while there is no message. */
  readonly headSeq: number
  /** Last seq that the visitor has read, on any device. */
  readonly visitorReadSeq: number
  /** Last seq that an agent or the bot has read. */
  readonly agentReadSeq: number
  /** Last seq that a device of the visitor holds. What was read counts as held. */
  readonly visitorDeliveredSeq: number
  /** Last seq that a console holds. */
  readonly agentDeliveredSeq: number
}

/** Last seq that one side has read. */
export interface ReadReceipt {
  readonly conversationId: ConversationId
  readonly reader: 'visitor' | 'agent'
  readonly seq: number
}

/** Last seq that a device of one side holds. */
export interface DeliveryReceipt {
  readonly conversationId: ConversationId
  readonly holder: 'visitor' | 'agent'
  readonly seq: number
}

export type TypingAuthor = MessageAuthor & {
  /** Of a bot: its text so far, as Markdown. The message itself may differ ([BO2]). */
  readonly text?: string
}

export interface TypingNotice {
  readonly conversationId: ConversationId
  readonly author: TypingAuthor
  readonly typing: boolean
}

/** The last seq of a conversation, for a client that may have missed a message ([DL3]). */
export interface ConversationHead {
  readonly conversationId: ConversationId
  readonly headSeq: number
}
