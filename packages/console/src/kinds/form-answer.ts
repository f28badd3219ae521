/** Answers to forms in the console, by their text. */
import type { ConsoleKind } from './console-kind.ts'
import { textBubble } from './text.ts'

export const formAnswer: ConsoleKind<'form-answer'> = {
  shape: 'bubble',
  describe: ({ text }) => text,
  draw: ({ text }, sentAt) => textBubble(text, sentAt),
  drawPending: ({ values }, sentAt) => textBubble(Object.values(values).join('\n'), sentAt),
}
