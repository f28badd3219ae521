/** Events in the chat: one line of text. */
import type { ConversationEvent } from '@chat-widget/protocol'
import type { Strings } from '../strings.ts'
import type { KindView } from './kind-view.ts'

const WORDS = {
  'signed-in': 'eventSignedIn',
  'handed-to-agents': 'eventHandedToAgents',
  'handed-to-bot': 'eventHandedToBot',
  closed: 'eventClosed',
} as const satisfies Record<ConversationEvent['type'], keyof Strings>

export const event: KindView<'event'> = {
  shape: 'note',
  // A newer server may know further events.
  textOf: ({ event }, strings) => strings[WORDS[event.type]],
}
