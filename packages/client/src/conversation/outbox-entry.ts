/** An unacknowledged message, the condition for sending it, and its store. */
import type { ClientMessageId, ConversationId, ErrorCode } from '@chat-widget/protocol'

export interface OutboxEntry<Body> {
  readonly clientId: ClientMessageId
  /** `null`: the current one at the first attempt; stored before it. */
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

/** An entry with its conversation. */
export type AddressedEntry<Body> = OutboxEntry<Body> & { readonly conversationId: ConversationId }

export type OutboxState =
  | { readonly status: 'waiting'; readonly for: 'connection' | 'identity' }
  | { readonly status: 'sending' }
  | { readonly status: 'failed'; readonly code: ErrorCode }

/** Conversation of an entry. */
export type Address = Pick<OutboxEntry<unknown>, 'clientId' | 'conversationId'>

/** Stores entries in order of writing. Shared by tabs, so each change touches its own entries only. */
export interface OutboxStore<Body> {
  load(): Promise<readonly OutboxEntry<Body>[]>
  /** Adds an entry, or replaces the one of the same client id. */
  put(entry: OutboxEntry<Body>): Promise<void>
  /** `sent`: conversation that the entry was sent to, for another tab that still holds it. */
  remove(drop: (entry: OutboxEntry<Body>) => boolean, sent?: Address): Promise<void>
  /** Conversations of the latest entries removed with `sent`. */
  sent(): Promise<readonly Address[]>
}
