/** How the chat shows a kind of message. */
import type { LoginRequest, TimelineItem } from '@chat-widget/client'
import type { ClientMessageId, Kind, Message } from '@chat-widget/protocol'
import type { Words } from '../load-strings.ts'
import type { Strings } from '../strings.ts'

export interface RowContext {
  readonly words: Words
  /** All that is in the conversation. */
  readonly items: readonly TimelineItem[]
  readonly logins: readonly LoginRequest[]
  readonly retry: (clientId: ClientMessageId) => void
  readonly discard: (clientId: ClientMessageId) => void
  /** A file that the rows need has arrived. */
  readonly redraw: () => void
  /** It did not arrive. */
  readonly loadFailed: () => void
}

export interface KindView<K extends Kind> {
  /** `bubble`: grouped with its neighbours; `card`: by itself; `note`: across the middle, without an author. */
  readonly shape: 'bubble' | 'card' | 'note'
  /** One line for screen readers and notifications. Default: the message's text. */
  readonly textOf?: (message: Message<K>, strings: Strings) => string | undefined
  /** Content of a card; `null`: its text in a bubble. */
  readonly draw?: (message: Message<K>, context: RowContext) => unknown
}
