/** Events in the console: one line of text. */
import { type ConversationEvent, type HandOverCause, LIMITS, plainName } from '@chat-widget/protocol'
import { words } from '../words/words.ts'
import type { ConsoleKind } from './console-kind.ts'

export const event: ConsoleKind<'event'> = {
  shape: 'note',
  describe: ({ event, text }) => eventText(event, text),
}

export function eventText(event: ConversationEvent, fallback: string): string {
  switch (event.type) {
    case 'signed-in':
      return words().events.signedIn(plainName(event.userIdentifier))
    case 'handed-to-agents':
      return handOverText(event.cause)
    case 'handed-to-bot':
      return words().events.handedToBot
    case 'joined':
      return words().events.joined(plainName(event.agent.name))
    case 'reopened':
      return words().events.reopened
    case 'rated': {
      const line = words().events.rated(event.rating, LIMITS.ratingMost)
      return event.text === undefined ? line : `${line}\n${event.text}`
    }
    case 'edited':
      return event.body?.text ?? words().bubble.edited
    case 'deleted':
      return words().bubble.deleted
    case 'closed':
      return words().events.closed
    default:
      // A newer server may know events that this build does not.
      event satisfies never
      return fallback
  }
}

function handOverText(cause: HandOverCause): string {
  switch (cause) {
    case 'bot-failed':
      return words().events.botFailed
    case 'bot-asked':
      return words().events.botAsked
    case 'agent-joined':
      return words().events.agentJoined
    case 'company-asked':
      return words().events.handedToAgents
    default:
      cause satisfies never
      return words().events.handedToAgents
  }
}
