/** Cards in the console, by their text. */
import type { ConsoleKind } from './console-kind.ts'
import { textBubble } from './text.ts'

export const cards: ConsoleKind<'cards'> = {
  shape: 'bubble',
  describe: ({ text }) => text,
  draw: ({ text }, sentAt) => textBubble(text, sentAt),
  drawPending: ({ cards }, sentAt) => textBubble(cards.map(({ title }) => title).join('\n'), sentAt),
}
