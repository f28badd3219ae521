/** The server's part of a kind of message. */
import type { Kind, MessageContent, PostedBody, PostedKind } from '@chat-widget/protocol'

/** Content of a kind without its text. */
type Details<K extends Kind> = Omit<MessageContent<K>, 'kind' | 'text'>

export type ServerKind<K extends Kind> = {
  /** The JSON for the column `details`; `null`: none. */
  readonly store: (details: Details<K>) => object | null
  /** The reverse of `store`. */
  readonly load: (stored: never) => Details<K>
} & (K extends PostedKind
  ? {
      /** Details made from a posted body. `reason`: the kind of work that waits for a sign-in. */
      readonly details: (body: PostedBody<K>, reason: 'message' | 'action') => Details<K>
    }
  : unknown)
