/** Quick replies below the newest message. */
import type { Message } from '@chat-widget/protocol'
import { html } from 'lit/html.js'
import '../elements/chat-quick-replies.ts'
import type { RowContext } from './row-context.ts'

export const quickRepliesOf = (message: Message<'text'>, { words }: RowContext) =>
  html`<chat-widget-quick-replies .words=${words} .message=${message}></chat-widget-quick-replies>`
