/** Events of a conversation as messages of the system. */
import { type ConversationEvent, plainName } from '@chat-widget/protocol'
import type { MessageBody } from '../storage/storage.ts'

type EventBody = Extract<MessageBody, { kind: 'event' }>

export const eventBody = (event: ConversationEvent): EventBody => ({
  kind: 'event',
  text: fallbackText(event),
  event,
})

export const signedInEvent = (userIdentifier: string): EventBody =>
  eventBody({ type: 'signed-in', userIdentifier })

/** English; clients word events in the visitor's language. */
function fallbackText(event: ConversationEvent): string {
  switch (event.type) {
    case 'signed-in':
      return `Signed in as ${plainName(event.userIdentifier)}.`
    case 'handed-to-agents':
      return event.cause === 'bot-failed'
        ? 'The assistant is not available right now. A person will answer you.'
        : 'A person will answer you.'
    case 'handed-to-bot':
      return 'The assistant will answer you.'
    case 'closed':
      return 'The conversation was closed.'
    default:
      return event satisfies never
  }
}
