/** Forms in the console, by their text. */
import type { ConsoleKind } from './console-kind.ts'
import { textBubble } from './text.ts'

export const form: ConsoleKind<'form'> = {
  shape: 'bubble',
  describe: ({ text }) => text,
  draw: ({ text }, sentAt) => textBubble(text, sentAt),
  drawPending: ({ form }, sentAt) => textBubble(form.title ?? form.submit, sentAt),
}
