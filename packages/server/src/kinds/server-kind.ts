/** What the server does with a kind of message. */
import type { Kind, MessageContent, PostedBody, PostedKind } from '@chat-widget/protocol'

/** What a kind tells beside its text. */
type Details<K extends Kind> = Omit<MessageContent<K>, 'kind' | 'text'>

export type ServerKind<K extends Kind> = {
  /** What the column `details` keeps as JSON; `null`: nothing. */
  readonly store: (details: Details<K>) => object | null
  /** The reverse of `store`. */
  readonly load: (stored: never) => Details<K>
} & (K extends PostedKind
  ? {
      /** A posted body as it is told, without its text. `reason`: what waits for a sign-in. */
      readonly details: (body: PostedBody<K>, reason: 'message' | 'action') => Details<K>
    }
  : unknown)
