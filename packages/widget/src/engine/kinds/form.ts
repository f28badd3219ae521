/** Forms in the chat. */
import type { Message } from '@chat-widget/protocol'
import '../elements/chat-form.ts'
import type { ChatForm } from '../elements/chat-form.ts'
import { answerTo } from './answer-to.ts'
import type { RowContext } from './row-context.ts'

export function cardOf(message: Message<'form'>, { words, items }: RowContext) {
  const answer = answerTo(message.seq, items)
  const given = answer !== null && 'values' in answer ? answer.values : null
  return { tag: 'chat-widget-form', properties: { words, message, given } satisfies Partial<ChatForm> }
}
