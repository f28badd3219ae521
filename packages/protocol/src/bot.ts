/** The bot webhook: what the server POSTs and what the bot may answer. Signed by the Standard Webhooks scheme. */
import type { AppId, ConversationId } from './ids.ts'
import type { Message } from './message.ts'
import type { PlainVisitor } from './schemas/conversation.ts'

export type { BotAnswer, BotAnswerItem } from './schemas/bot.ts'

/** Whom the bot talks to; without the claims that agents are shown. */
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

/** What became of an action the bot asked for. */
export interface BotActionResultRequest extends BotRequestBase {
  readonly type: 'action-result'
  readonly name: string
  readonly ok: boolean
  /** The HTTP status, 0 when there was no answer. */
  readonly status: number
  /** The parsed JSON body, `null` when there was none. */
  readonly body: unknown
}

/** The conversation was closed while the bot was answering: its answer was dropped. What it answers to this is, too. */
export interface BotClosedRequest extends BotRequestBase {
  readonly type: 'conversation-closed'
}

/** More types may come: a bot answers those it does not know with `{}`. */
export type BotRequest = BotMessageRequest | BotActionResultRequest | BotClosedRequest
