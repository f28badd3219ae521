/** The console's part of a kind of message. */
import type { Kind, Message, PostedBody, PostedKind } from '@chat-widget/protocol'
import type { TemplateResult } from 'lit'

export type ConsoleKind<K extends Kind> = {
  /** `bubble`: among its author's messages; `note`: centred, without an author. */
  readonly shape: 'bubble' | 'note'
  /** One line, for lists and notes. */
  readonly describe: (message: Message<K>) => string
} & (K extends PostedKind
  ? {
      readonly draw: (message: Message<K>, sentAt: string) => TemplateResult
      /** Renders a message that the server has not stored yet. */
      readonly drawPending: (body: PostedBody<K>, sentAt: string) => TemplateResult
    }
  : unknown)
