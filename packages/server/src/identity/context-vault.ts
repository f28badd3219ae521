/** Keeps each session's last verified context, for actions. In memory only: never stored, never logged. */
import type { SessionId, UserId } from '@chat-widget/protocol'
import type { Context } from './context.ts'

export interface HeldContext {
  readonly userId: UserId
  readonly context: Context
  /** Milliseconds since the epoch; `null` where the context has no end. */
  readonly expiresAt: number | null
}

export type VaultAnswer =
  | { readonly state: 'live'; readonly context: Context }
  | { readonly state: 'expired' }
  /** Never seen, or not since the server started. */
  | { readonly state: 'lost' }

export interface ContextVault {
  /** Replaces what the session held, and tells the listeners. */
  hold(sessionId: SessionId, held: HeldContext): void
  forget(sessionIds: readonly SessionId[]): void
  /** The newest context of any of the user's sessions. */
  latest(userId: UserId): VaultAnswer
  /** Called after each `hold`. Returns the unsubscribe. */
  onHeld(listener: (userId: UserId) => void): () => void
}

/** At 16 KiB each, a bound on memory; the device is asked again for what fell out. */
const MAX_ENTRIES = 10_000
/** That a context expired is worth knowing for a while: the device is then asked for a fresh one. */
const KEPT_AFTER_EXPIRY_MS = 60 * 60_000

export function createContextVault({
  now,
  maxEntries = MAX_ENTRIES,
}: {
  readonly now: () => number
  readonly maxEntries?: number
}): ContextVault {
  /** Oldest first: a renewed entry moves to the end. */
  const entries = new Map<SessionId, HeldContext>()
  const listeners = new Set<(userId: UserId) => void>()

  const isLive = ({ expiresAt }: HeldContext) => expiresAt === null || expiresAt > now()

  function sweep(): void {
    const longOver = now() - KEPT_AFTER_EXPIRY_MS
    for (const [sessionId, { expiresAt }] of entries) {
      if (expiresAt !== null && expiresAt < longOver) entries.delete(sessionId)
    }
  }

  function evict(): void {
    for (const sessionId of entries.keys()) {
      if (entries.size <= maxEntries) return
      entries.delete(sessionId)
    }
  }

  return {
    hold(sessionId, held) {
      entries.delete(sessionId)
      entries.set(sessionId, held)
      sweep()
      evict()
      for (const listener of [...listeners]) listener(held.userId)
    },
    forget(sessionIds) {
      for (const sessionId of sessionIds) entries.delete(sessionId)
    },
    latest(userId) {
      const held = [...entries.values()].filter((entry) => entry.userId === userId)
      const live = held.findLast(isLive)
      if (live !== undefined) return { state: 'live', context: live.context }
      return { state: held.length > 0 ? 'expired' : 'lost' }
    },
    onHeld(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
