/** Events in the chat: one line of text. */
import type { TimelineItem } from '@chat-widget/client'
import type { ConversationEvent } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'

type EventWord = Extract<keyof ChatStrings, `event${string}` | 'messageDeleted'>

const WORDS: Readonly<Partial<Record<ConversationEvent['type'], EventWord>>> = {
  'signed-in': 'eventSignedIn',
  'handed-to-agents': 'eventHandedToAgents',
  'handed-to-bot': 'eventHandedToBot',
  closed: 'eventClosed',
  reopened: 'eventReopened',
  deleted: 'messageDeleted',
}

/** `undefined`: as the server words it. A newer one may know further events. */
export function eventText({ type }: ConversationEvent, strings: ChatStrings): string | undefined {
  const word = WORDS[type]
  return word && strings[word]
}

/** True for an event that is seen where it happened: an earlier message says that it was edited or deleted. */
export const isRevision = (item: TimelineItem): boolean =>
  item.kind === 'stored' && item.message.kind === 'event' && 'of' in item.message.event
