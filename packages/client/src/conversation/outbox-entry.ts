/** A message that is not acknowledged yet, when it may go, and where such messages are kept. */
import type { ClientMessageId, ConversationId, ErrorCode } from '@chat-widget/protocol'

export interface OutboxEntry<Body> {
  readonly clientId: ClientMessageId
  /** `null`: the current one, whichever that is at the first attempt; written down before it. */
  readonly conversationId: ConversationId | null
  readonly body: Body
  /** The message's owner; nobody else may send it. */
  readonly owner: string
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string
}

/** The condition for sending entries. While open, `conversationId` takes those that name no conversation; `null`: they wait. */
export type OutboxGate =
  | { readonly open: true; readonly conversationId: ConversationId | null }
  | { readonly open: false; readonly waitingFor: 'connection' | 'identity' }

/** An entry that is sure of its conversation. */
export type AddressedEntry<Body> = OutboxEntry<Body> & { readonly conversationId: ConversationId }

export type OutboxState =
  | { readonly status: 'waiting'; readonly for: 'connection' | 'identity' }
  | { readonly status: 'sending' }
  | { readonly status: 'failed'; readonly code: ErrorCode }

/** The conversation of an entry. */
export type Address = Pick<OutboxEntry<unknown>, 'clientId' | 'conversationId'>

/** Keeps entries in the order written. Shared by tabs, so each change touches its own entries only. */
export interface OutboxStore<Body> {
  load(): Promise<readonly OutboxEntry<Body>[]>
  /** Adds, or replaces the one of the same client id. */
  put(entry: OutboxEntry<Body>): Promise<void>
  /** `sent`: where the entry went, for another tab that still holds it. */
  remove(drop: (entry: OutboxEntry<Body>) => boolean, sent?: Address): Promise<void>
  /** Conversations of the latest entries that were removed so. */
  sent(): Promise<readonly Address[]>
}
