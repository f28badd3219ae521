/** Quick replies below the newest message. */
import type { Message } from '@chat-widget/protocol'
import '../elements/chat-quick-replies.ts'
import type { ChatQuickReplies } from '../elements/chat-quick-replies.ts'
import type { RowContext } from './row-context.ts'

export const quickRepliesOf = (message: Message<'text'>, { words }: RowContext) => ({
  tag: 'chat-widget-quick-replies',
  properties: { words, message } satisfies Partial<ChatQuickReplies>,
})
