/** Text in the console. */
import { html } from 'lit'
import type { ConsoleKind } from './console-kind.ts'

export const textBubble = (text: string, sentAt: string) =>
  html`<div class="bubble" dir="auto" title=${sentAt}>${text}</div>`

export const text: ConsoleKind<'text'> = {
  shape: 'bubble',
  describe: (message) => message.text,
  draw: (message, sentAt) => textBubble(message.text, sentAt),
  drawPending: (body, sentAt) => textBubble(body.text, sentAt),
}
