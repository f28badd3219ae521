/** Files in the console, by their text. */
import type { ConsoleKind } from './console-kind.ts'
import { textBubble } from './text.ts'

export const file: ConsoleKind<'file'> = {
  shape: 'bubble',
  describe: ({ text }) => text,
  draw: ({ text }, sentAt) => textBubble(text, sentAt),
  drawPending: ({ text = '' }, sentAt) => textBubble(text, sentAt),
}
