/** All kinds of messages in the chat. */
import type { TimelineItem } from '@chat-widget/client'
import type { Kind } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'
import { event } from './event.ts'
import type { KindView } from './kind-view.ts'
import { login } from './login.ts'

const text = { shape: 'bubble' } as const
const KINDS: { readonly [K in Kind]: KindView<K> } = {
  text,
  login,
  cards: text,
  form: text,
  'form-answer': text,
  event,
}

/** A pending message looks like a stored one; a kind unknown to this version is shown as its text. */
export function viewOf(item: TimelineItem): KindView<never> {
  return KINDS[item.kind === 'stored' ? item.message.kind : 'text'] ?? KINDS.text
}

export function itemText(item: TimelineItem, strings: ChatStrings): string {
  if (item.kind === 'pending') return item.text
  return viewOf(item).textOf?.(item.message as never, strings) ?? item.message.text
}
