/** An entry in the memory of an outbox, and what became of it so far. */
import type { ErrorCode } from '@chat-widget/protocol'
import type { OutboxEntry } from './outbox-entry.ts'

export interface OutboxItem<Body> {
  entry: OutboxEntry<Body>
  failed: ErrorCode | null
  attempts: number
  /** Handed to the server at least once: it may have it, whatever came back. */
  isTried: boolean
  /** Another tab may have read it when it had no conversation yet. */
  isShared: boolean
  /** Resolves when the entry is written down as it is. */
  stored: Promise<void>
  isStored: boolean
  /** Written down, be it without its conversation. */
  isKept: boolean
  /** An attempt, or the wait for the next one. */
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
