/** An entry in an outbox's memory, and its progress. */
import type { ErrorCode } from '@chat-widget/protocol'
import type { OutboxEntry } from './outbox-entry.ts'

export interface OutboxItem<Body> {
  entry: OutboxEntry<Body>
  failed: ErrorCode | null
  attempts: number
  /** Sent to the server at least once: it may have it, whatever came back. */
  isTried: boolean
  /** Another tab may have read it before it had a conversation. */
  isShared: boolean
  /** Resolves when the entry's present version is stored. */
  stored: Promise<void>
  isStored: boolean
  /** True if it is stored, perhaps without its conversation. */
  isKept: boolean
  /** True during an attempt, or during the wait for the next one. */
  isUnderWay: boolean
}

export const createItem = <Body>(entry: OutboxEntry<Body>): OutboxItem<Body> => ({
  entry,
  failed: null,
  attempts: 0,
  isTried: false,
  isShared: false,
  stored: Promise.resolve(),
  isStored: false,
  isKept: false,
  isUnderWay: false,
})
