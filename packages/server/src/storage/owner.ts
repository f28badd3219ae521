/** Owners of conversations. */
import type { UserId, VisitorId } from '@chat-widget/protocol'

/** Somebody who has conversations: an anonymous visitor or, for good, a user ([ID11]). */
export type Owner =
  | { readonly kind: 'visitor'; readonly id: VisitorId }
  | { readonly kind: 'user'; readonly id: UserId }

/** Owner of what agents wrote to a customer who was erased ([PD5]). */
export const NOBODY = { kind: 'nobody', id: 'nobody' } as const

export type ConversationOwner = Owner | typeof NOBODY
