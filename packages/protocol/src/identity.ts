/** A visitor's identity as the server reports it. The client package has the client's richer state union. */
import type { ConversationId, VisitorId } from './ids.ts'
import type { BuiltInMethod } from './message.ts'

export type WireIdentity =
  /** Connected to identify itself; nothing else is allowed before that ([ID14]: no anonymous session is made). */
  | { readonly status: 'unidentified' }
  | { readonly status: 'anonymous'; readonly visitorId: VisitorId }
  | {
      readonly status: 'identified'
      /** The verified subject, never a copy of the client's claim. */
      readonly userIdentifier: string
      /** Milliseconds since the epoch by the server's clock, or `null` for a context without an end. */
      readonly expiresAt: number | null
      /** The method that proved it, if it was not the host: an approval by email or by identifier. */
      readonly method?: BuiltInMethod
    }

/** Changes made by a sign-in, sent once with `identity-change` ([ID11]). */
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
