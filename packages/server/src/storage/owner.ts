/** Owners of conversations. */
import type { UserId, VisitorId } from '@chat-widget/protocol'

/** The owner of a conversation: an anonymous visitor or, for good, a user ([ID11]). */
export type Owner =
  | { readonly kind: 'visitor'; readonly id: VisitorId }
  | { readonly kind: 'user'; readonly id: UserId }
