/** Deliveries to an app's webhooks, stored in the transaction of their cause ([WB1]). */
import type { AppId, ConversationId } from '@chat-widget/protocol'
import type { NewJob } from './job-storage.ts'
import { newOrderedId } from './records.ts'
import type { MessagesTable } from './schema.ts'
import type { ConversationRecord, UserRecord } from './storage.ts'
import type { WebhookTarget } from './webhook-target.ts'

type Event = NewJob<'webhook'>['payload']['event']

/** `before`, `after`: the conversation without and with the message. */
export function messageWebhooks(
  targets: readonly WebhookTarget[],
  before: ConversationRecord,
  after: ConversationRecord,
  message: MessagesTable,
): readonly NewJob<'webhook'>[] {
  const { id: conversationId, status, handler } = after
  const conversation = { conversationId, status, handler }
  const isNew = before.headSeq === 0
  const events: Event[] = [
    ...(isNew ? [{ type: 'conversation.created', ...conversation } as const] : []),
    { type: 'message.created', ...conversation, messageId: message.id },
  ]
  if (before.status === 'open' && status === 'closed')
    events.push({ type: 'conversation.closed', ...conversation })
  if (!isNew && before.handler !== handler) events.push({ type: 'conversation.handed-over', ...conversation })
  return events.flatMap((event) => jobsOf(targets, after.app, event, conversationId, message.created_at))
}

export const identifiedWebhooks = (
  targets: readonly WebhookTarget[],
  user: UserRecord,
  conversations: readonly ConversationId[],
  at: number,
): readonly NewJob<'webhook'>[] =>
  jobsOf(targets, user.app, { type: 'user.identified', userId: user.id, conversations }, user.id, at)

/** `about`: the conversation or user whose events keep their order. */
const jobsOf = (
  targets: readonly WebhookTarget[],
  app: AppId,
  event: Event,
  about: string,
  createdAt: number,
): readonly NewJob<'webhook'>[] =>
  targets.flatMap(({ key, receiver, events }) =>
    events.includes(event.type)
      ? [
          {
            ...{ kind: 'webhook', lane: `webhook ${key} ${about}`, key: newOrderedId(), receiver },
            ...{ payload: { app, webhook: key, at: createdAt, event }, dueAt: createdAt, createdAt },
          } as const,
        ]
      : [],
  )
