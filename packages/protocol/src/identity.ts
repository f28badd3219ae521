/** Who a visitor is, as the server says it. The client's richer state union is in the client package. */
import type { ConversationId, VisitorId } from './ids.ts'
import type { BuiltInMethod } from './message.ts'

export type WireIdentity =
  /** Connected in order to identify; nothing else is allowed before that ([ID14]: no anonymous session is made). */
  | { readonly status: 'unidentified' }
  | { readonly status: 'anonymous'; readonly visitorId: VisitorId }
  | {
      readonly status: 'identified'
      /** The verified subject, never an echo of what the client claimed. */
      readonly userIdentifier: string
      /** Milliseconds since the epoch by the server's clock, or `null` where the context has no end. */
      readonly expiresAt: number | null
      /** Who proved it, where it was not the host: an approval by email or by identifier. */
      readonly method?: BuiltInMethod
    }

/** What the sign-in changed, told once with `identity-change` ([ID11]). */
export interface IdentityReceipt {
  readonly from:
    | { readonly status: 'anonymous'; readonly visitorId: VisitorId }
    | { readonly status: 'unidentified' }
  readonly to: {
    readonly status: 'identified'
    readonly userIdentifier: string
    readonly method?: BuiltInMethod
  }
  /** The newest 100. */
  readonly mergedConversations: readonly ConversationId[]
}
