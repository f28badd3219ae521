/** Forms in the chat. */
import type { Message } from '@chat-widget/protocol'
import { html } from 'lit/html.js'
import '../elements/chat-form.ts'
import { answerTo } from './answer-to.ts'
import type { RowContext } from './row-context.ts'

export function cardOf(message: Message<'form'>, { words, items }: RowContext) {
  const answer = answerTo(message.seq, items)
  return html`<chat-widget-form
    .words=${words}
    .message=${message}
    .given=${answer !== null && 'values' in answer ? answer.values : null}
  ></chat-widget-form>`
}
