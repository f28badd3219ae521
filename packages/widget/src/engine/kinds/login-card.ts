/** A login card of the conversation, with its outcome. */
import type { TimelineItem } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import '../elements/chat-login-card.ts'
import type { ChatLoginCard } from '../elements/chat-login-card.ts'
import type { RowContext } from './row-context.ts'

/** True if the conversation went on signed in, on any device. */
function isDone({ id }: Message, items: readonly TimelineItem[]): boolean {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index]
    if (item?.kind !== 'stored') continue
    const { message } = item
    if (message.id === id) return false
    if (message.kind === 'event' && message.event.type === 'signed-in') return true
  }
  return false
}

export const cardOf = (message: Message<'login'>, { words, logins, items }: RowContext) => ({
  tag: 'chat-widget-login-card',
  properties: {
    words,
    message,
    request: logins.findLast(({ messageId }) => messageId === message.id) ?? null,
    done: isDone(message, items),
  } satisfies Partial<ChatLoginCard>,
})
