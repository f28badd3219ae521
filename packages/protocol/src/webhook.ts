/** Webhooks: the server's POST about an event. Signed by the Standard Webhooks scheme, as the bot's. */
import type { BotVisitor } from './bot.ts'
import type { AppId, ConversationId } from './ids.ts'
import type { Message } from './message.ts'

/** Events that a webhook may be told of. */
export const WEBHOOK_EVENTS = [
  'message.created',
  'conversation.created',
  'conversation.closed',
  'conversation.handed-over',
  'user.identified',
] as const

export type WebhookEventName = (typeof WEBHOOK_EVENTS)[number]

interface WebhookRequestBase {
  readonly app: AppId
  /** Time of the event. ISO 8601. */
  readonly timestamp: string
  /** As they are when it is sent: somebody may have signed in since. */
  readonly visitor: BotVisitor
}

interface WebhookConversationBase extends WebhookRequestBase {
  /** As it was at the event. */
  readonly conversation: {
    readonly id: ConversationId
    readonly status: 'open' | 'closed'
    readonly handler: 'bot' | 'agents'
  }
}

/** A message of anybody, also one of kind `event`. It is as it is when it is sent: it may have been edited since. */
export interface WebhookMessageRequest extends WebhookConversationBase {
  readonly type: 'message.created'
  readonly message: Message
}

/**
 * A first message was stored; or the conversation was closed; or its handler, `bot` or `agents`, is another one than
 * before.
 */
export interface WebhookConversationRequest extends WebhookConversationBase {
  readonly type: 'conversation.created' | 'conversation.closed' | 'conversation.handed-over'
}

/** Somebody signed in on a device where they were not signed in. */
export interface WebhookIdentifiedRequest extends WebhookRequestBase {
  readonly type: 'user.identified'
  /** Conversations of before the sign-in that became the user's, the newest 100. */
  readonly conversations: readonly ConversationId[]
}

/** Further types may come: a receiver answers unknown ones with 2xx. */
export type WebhookRequest = WebhookMessageRequest | WebhookConversationRequest | WebhookIdentifiedRequest
