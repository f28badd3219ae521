/** Events in the console: one line of text. */
import { type ConversationEvent, plainName } from '@chat-widget/protocol'
import type { ConsoleKind } from './console-kind.ts'

export const event: ConsoleKind<'event'> = {
  shape: 'note',
  describe: ({ event, text }) => eventText(event, text),
}

export function eventText(event: ConversationEvent, fallback: string): string {
  switch (event.type) {
    case 'signed-in':
      return `Signed in as ${plainName(event.userIdentifier)}`
    case 'handed-to-agents':
      return handOverText(event.cause)
    case 'handed-to-bot':
      return 'Handed back to the bot'
    case 'joined':
    case 'reopened':
    case 'edited':
    case 'deleted':
      return fallback
    case 'closed':
      return 'Conversation closed'
    default:
      // A newer server may know events that this build does not.
      event satisfies never
      return fallback
  }
}

function handOverText(cause: 'bot-failed' | 'bot-asked' | 'agent-joined'): string {
  switch (cause) {
    case 'bot-failed':
      return 'The bot did not answer. Handed over to the agents'
    case 'bot-asked':
      return 'The bot handed the conversation over to the agents'
    case 'agent-joined':
      return 'An agent took over from the bot'
    default:
      cause satisfies never
      return 'Handed over to the agents'
  }
}
