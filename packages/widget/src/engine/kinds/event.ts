/** Events in the chat: one line of text. */
import type { ConversationEvent } from '@chat-widget/protocol'
import type { KindView } from './kind-view.ts'

const WORDS: Partial<
  Record<
    ConversationEvent['type'],
    'eventSignedIn' | 'eventHandedToAgents' | 'eventHandedToBot' | 'eventClosed'
  >
> = {
  'signed-in': 'eventSignedIn',
  'handed-to-agents': 'eventHandedToAgents',
  'handed-to-bot': 'eventHandedToBot',
  closed: 'eventClosed',
}

export const event: KindView<'event'> = {
  shape: 'note',
  // A newer server may know further events.
  textOf({ event }, strings) {
    const word = WORDS[event.type]
    return word && strings[word]
  },
}
