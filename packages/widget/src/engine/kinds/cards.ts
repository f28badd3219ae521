/** Cards in the chat. */
import type { Message } from '@chat-widget/protocol'
import '../elements/chat-cards.ts'
import type { ChatCards } from '../elements/chat-cards.ts'
import { answerTo } from './answer-to.ts'
import type { RowContext } from './row-context.ts'

export function cardOf(message: Message<'cards'>, { words, items }: RowContext) {
  const answer = answerTo(message.seq, items)
  const taken = answer !== null && 'reply' in answer ? (answer.reply?.value ?? null) : null
  return { tag: 'chat-widget-cards', properties: { words, message, taken } satisfies Partial<ChatCards> }
}
