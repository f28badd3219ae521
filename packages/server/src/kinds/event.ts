/** Events on the server, which makes them. */
import type { ConversationEvent, MessageContent } from '@chat-widget/protocol'
import { KINDS } from '@chat-widget/protocol/schemas'
import type { ServerKind } from './server-kind.ts'

export const event: ServerKind<'event'> = {
  store: ({ event }) => event,
  load: (stored: ConversationEvent) => ({ event: stored }),
}

export const eventContent = (event: ConversationEvent): MessageContent<'event'> => ({
  kind: 'event',
  text: KINDS.event.fallback({ event }),
  event,
})
