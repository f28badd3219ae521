/** Jobs that a message leads to: the bot's deliveries, and the look if a mail is needed. */
import type { ConversationId, MessageId } from '@chat-widget/protocol'
import { type NewJob, unreadMailJob } from './job-storage.ts'
import { newOrderedId } from './records.ts'
import type { MessagesTable } from './schema.ts'
import type { AppendRequest, BotWork, ConversationRecord } from './storage.ts'

/** Returns the bot's work for a visitor's message, if the bot answers it. */
export function askedBy(
  request: AppendRequest,
  conversation: ConversationRecord,
  messageId: MessageId,
): BotWork | null {
  const isAsked = request.notifyBot && request.author.kind === 'visitor'
  return isAsked && conversation.handler === 'bot' ? { kind: 'message', messageId } : null
}

/** False for an action that a sign-in released: it runs all the same. */
export const isDropped = ({ kind }: BotWork): boolean => kind !== 'action'

/** [UM1] Returns the job that looks if the visitor has read the message: none or one. */
export function mailedLater(
  { author, body, at, mailAfterMs }: AppendRequest,
  { app }: ConversationRecord,
  { id, conversation_id, seq }: MessagesTable,
): readonly NewJob[] {
  const after = mailAfterMs?.(app) ?? null
  const isAnswer = (author.kind === 'agent' || author.kind === 'bot') && body.kind !== 'event'
  return after === null || !isAnswer
    ? []
    : [unreadMailJob({ key: id, conversationId: conversation_id, seq, dueAt: at + after, createdAt: at })]
}

/** The lane of what a conversation's bot is owed. */
export const botLane = (conversationId: ConversationId): string => `bot ${conversationId}`

/** A delivery to a bot, as the job that makes it. */
export const botJob = (
  { id: conversationId, app }: Pick<ConversationRecord, 'id' | 'app'>,
  work: BotWork,
  createdAt: number,
): NewJob<'bot-delivery'> => ({
  ...{ kind: 'bot-delivery', lane: botLane(conversationId), key: newOrderedId(), receiver: `bot ${app}` },
  ...{ payload: { conversationId, work }, dueAt: createdAt, createdAt },
})
