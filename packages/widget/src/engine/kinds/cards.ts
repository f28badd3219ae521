/** Cards in the chat. */
import type { Message } from '@chat-widget/protocol'
import { html } from 'lit/html.js'
import '../elements/chat-cards.ts'
import { answerTo } from './answer-to.ts'
import type { RowContext } from './row-context.ts'

export function cardOf(message: Message<'cards'>, { words, items }: RowContext) {
  const answer = answerTo(message.seq, items)
  return html`<chat-widget-cards
    .words=${words}
    .message=${message}
    .taken=${answer !== null && 'reply' in answer ? (answer.reply?.value ?? null) : null}
  ></chat-widget-cards>`
}
