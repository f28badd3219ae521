/** Events in the chat: one line of text. */
import type { TimelineItem } from '@chat-widget/client'
import { type ConversationEvent, plainName } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'

type EventWord = Exclude<Extract<keyof ChatStrings, `event${string}` | 'messageDeleted'>, 'eventJoined'>

const WORDS: Readonly<Partial<Record<ConversationEvent['type'], EventWord>>> = {
  'signed-in': 'eventSignedIn',
  'handed-to-agents': 'eventHandedToAgents',
  'handed-to-bot': 'eventHandedToBot',
  closed: 'eventClosed',
  reopened: 'eventReopened',
  deleted: 'messageDeleted',
}

/** `undefined`: as the server words it. A newer one may know further events. */
export function eventText(event: ConversationEvent, strings: ChatStrings): string | undefined {
  if (event.type === 'joined') return strings.eventJoined(plainName(event.agent.name))
  const word = WORDS[event.type]
  return word && strings[word]
}

/** True for an event that is seen elsewhere: in the message that was edited or deleted, or as stars below a closed chat. */
export const isSeenElsewhere = (item: TimelineItem): boolean =>
  item.kind === 'stored' &&
  item.message.kind === 'event' &&
  ('of' in item.message.event || 'rating' in item.message.event)
