/** Forms in the chat. */
import type { Message } from '@chat-widget/protocol'
import '../elements/chat-form.ts'
import type { ChatForm } from '../elements/chat-form.ts'
import { answerTo } from './answer-to.ts'
import type { RowContext } from './row-context.ts'

export function cardOf(message: Message<'form'>, { words, items }: RowContext) {
  const answer = answerTo(message.seq, items)
  const given = answer !== null && 'values' in answer ? answer.values : null
  // One that is on its way may fail, and is then to be given again.
  const isAnswered = answer !== null && 'id' in answer
  const properties = { words, message, given, isAnswered } satisfies Partial<ChatForm>
  return { tag: 'chat-widget-form', properties }
}
