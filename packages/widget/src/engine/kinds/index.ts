/** All kinds of messages in the chat. */
import type { TimelineItem } from '@chat-widget/client'
import { type Kind, type Message, plainName } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'
import { eventText } from './event.ts'
import { fileOf } from './text.ts'

/** `bubble`: a text, grouped with its neighbours; `card`: drawn by `rich.ts`; `note`: centred, without an author. */
const SHAPES = {
  text: 'bubble',
  login: 'card',
  cards: 'card',
  form: 'card',
  // The server gives it its text; the form shows its values as well.
  'form-answer': 'bubble',
  file: 'bubble',
  event: 'note',
} as const satisfies Record<Kind, 'bubble' | 'card' | 'note'>

/** Kinds that are drawn as cards. */
export type CardKind = { [K in Kind]: (typeof SHAPES)[K] extends 'card' ? K : never }[Kind]

/** A pending message looks like a stored one; a kind unknown to this version is shown as its text. */
export const shapeOf = (item: TimelineItem) =>
  SHAPES[item.kind === 'stored' ? item.message.kind : 'text'] ?? 'bubble'

/** In one line for screen readers and notifications, and as it is shown where words are all. */
export function itemText(item: TimelineItem, strings: ChatStrings): string {
  const isStored = item.kind === 'stored'
  if (isStored && item.message.deleted) return strings.messageDeleted
  const file = fileOf(item)
  if (file) {
    const caption = isStored ? (item.message as Message<'file'>).caption : item.text
    return `${caption ? `${caption}\n` : ''}${strings.file(plainName(file.name ?? ''))}`
  }
  if (!isStored) return item.text
  const { message } = item
  return (message.kind === 'event' && eventText(message.event, strings)) || message.text
}
