/** The bot webhook: the server's POST and the bot's answer. Signed by the Standard Webhooks scheme. */
import type { AppId, ConversationId } from './ids.ts'
import type { Message } from './message.ts'
import type { PlainVisitor } from './schemas/conversation.ts'

export type { BotAnswer, BotAnswerItem } from './schemas/bot.ts'

/** The visitor, without the claims that agents are shown. */
export type BotVisitor = PlainVisitor

interface BotRequestBase {
  readonly app: AppId
  readonly conversation: { readonly id: ConversationId }
  readonly visitor: BotVisitor
}

/** A visitor's message. Sent again, with `verified: true`, after the sign-in that its login card asked for. */
export interface BotMessageRequest extends BotRequestBase {
  readonly type: 'message'
  readonly message: Message
}

/** Outcome of an action that the bot asked for. */
export interface BotActionResultRequest extends BotRequestBase {
  readonly type: 'action-result'
  readonly name: string
  readonly ok: boolean
  /** The HTTP status, 0 when there was no answer. */
  readonly status: number
  /** The parsed JSON body, `null` when there was none. */
  readonly body: unknown
}

/**
 * The conversation was closed while the bot was answering: its answer was dropped. An answer to this is dropped, too.
 */
export interface BotClosedRequest extends BotRequestBase {
  readonly type: 'conversation-closed'
}

/** Further types may come: a bot answers unknown ones with `{}`. */
export type BotRequest = BotMessageRequest | BotActionResultRequest | BotClosedRequest
