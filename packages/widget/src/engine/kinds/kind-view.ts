/** The chat's part of a kind of message. */
import type { LoginRequest, TimelineItem } from '@chat-widget/client'
import type { Kind, Message } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'
import type { Words } from '../load-strings.ts'
import type { OnDemand } from '../on-demand.ts'
import type { PanelRequest } from '../panel-request.ts'

export interface RowContext {
  readonly words: Words
  /** All items of the conversation. */
  readonly items: readonly TimelineItem[]
  readonly logins: readonly LoginRequest[]
  readonly ask: (request: PanelRequest) => void
  /** Returns a part once it is loaded; the rows are drawn again then. `lost`: called if it cannot be loaded. */
  readonly need: <Part>(part: OnDemand<Part>, lost?: () => void) => Part | undefined
}

export interface KindView<K extends Kind> {
  /** `bubble`: grouped with its neighbours; `card`: by itself; `note`: centred, without an author. */
  readonly shape: 'bubble' | 'card' | 'note'
  /** One line for screen readers and notifications. Default: the message's text. */
  readonly textOf?: (message: Message<K>, strings: ChatStrings) => string | undefined
  /** Renders the content of a card; `null`: its text in a bubble. */
  readonly draw?: (message: Message<K>, context: RowContext) => unknown
}
