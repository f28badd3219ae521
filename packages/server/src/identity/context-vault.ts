/** Keeps each session's last verified context, for actions. In memory only: never stored, never logged. */
import type { AppId, SessionId, UserId } from '@chat-widget/protocol'
import type { Context } from './context.ts'

interface HeldContext {
  readonly userId: UserId
  readonly context: Context
  /** Milliseconds since the epoch; `null` where the context has no end. */
  readonly expiresAt: number | null
}

/** Identified without an id, which the sign-in has yet to make. */
export interface HostUser {
  readonly app: AppId
  readonly userIdentifier: string
}

type VaultAnswer =
  | {
      readonly state: 'live'
      readonly sessionId: SessionId
      readonly context: Context
      readonly expiresAt: number | null
    }
  | { readonly state: 'expired' }
  /** Never held, or not since the server started. */
  | { readonly state: 'lost' }

/** Most bytes of the JSON texts; the device is asked again for a context that was dropped. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_ENTRIES = 10_000
/** Most sessions of one user whose contexts are kept: those that authenticated last. */
const MAX_PER_USER = 8
/** Time for which an expired context is remembered, without its text: meanwhile the device is asked for a fresh one. */
const KEPT_AFTER_EXPIRY_MS = 60 * 60_000
/** Longest delay of a timer: for longer ones Node fires at once. */
const LONGEST_MS = 2 ** 31 - 1

interface Entry {
  readonly userId: UserId
  /** JSON text, as the parsed object takes many times the memory. `null` once it expired. */
  readonly text: string | null
  readonly expiresAt: number | null
}

export type ContextVault = ReturnType<typeof createContextVault>

export function createContextVault({
  now,
  maxBytes = MAX_BYTES,
}: {
  readonly now: () => number
  readonly maxBytes?: number
}) {
  /** Oldest first: a renewed entry moves to the end. */
  const entries = new Map<SessionId, Entry>()
  const ofUser = new Map<UserId, Set<SessionId>>()
  const listeners = new Set<(userId: UserId) => void>()
  /** Authentications that are being stored, by user. */
  const storing = new Map<string, Promise<unknown>>()
  let heldBytes = 0
  let timer: NodeJS.Timeout | undefined
  let nextEnd = Number.POSITIVE_INFINITY

  const keyOf = ({ app, userIdentifier }: HostUser) => `${app} ${userIdentifier}`
  const bytesOf = ({ text }: Entry) => (text === null ? 0 : Buffer.byteLength(text))

  function remove(sessionId: SessionId): void {
    const entry = entries.get(sessionId)
    if (entry === undefined) return
    entries.delete(sessionId)
    heldBytes -= bytesOf(entry)
    const sessions = ofUser.get(entry.userId)
    sessions?.delete(sessionId)
    if (sessions?.size === 0) ofUser.delete(entry.userId)
  }

  function add(sessionId: SessionId, entry: Entry): void {
    entries.set(sessionId, entry)
    heldBytes += bytesOf(entry)
    const sessions = ofUser.get(entry.userId) ?? new Set()
    ofUser.set(entry.userId, sessions.add(sessionId))
    for (const oldest of sessions) {
      if (sessions.size <= MAX_PER_USER) break
      remove(oldest)
    }
    for (const oldest of entries.keys()) {
      if (heldBytes <= maxBytes && entries.size <= MAX_ENTRIES) break
      remove(oldest)
    }
  }

  /** Drops contexts that ended, and later the memory that there was one. */
  function sweep(): void {
    const time = now()
    nextEnd = Number.POSITIVE_INFINITY
    for (const [sessionId, entry] of entries) {
      const { expiresAt, text } = entry
      if (expiresAt === null) continue
      if (expiresAt + KEPT_AFTER_EXPIRY_MS <= time) {
        remove(sessionId)
        continue
      }
      if (expiresAt <= time && text !== null) {
        heldBytes -= bytesOf(entry)
        entries.set(sessionId, { ...entry, text: null })
      }
      nextEnd = Math.min(nextEnd, expiresAt <= time ? expiresAt + KEPT_AFTER_EXPIRY_MS : expiresAt)
    }
    watch()
  }

  function watch(): void {
    clearTimeout(timer)
    if (nextEnd === Number.POSITIVE_INFINITY) return
    timer = setTimeout(sweep, Math.min(Math.max(0, nextEnd - now()), LONGEST_MS))
    timer.unref()
  }

  return {
    /** Replaces the session's context, and calls the listeners. */
    hold(sessionId: SessionId, { userId, context, expiresAt }: HeldContext): void {
      remove(sessionId)
      add(sessionId, { userId, text: JSON.stringify(context), expiresAt })
      if (expiresAt !== null && expiresAt < nextEnd) {
        nextEnd = expiresAt
        watch()
      }
      for (const listener of [...listeners]) listener(userId)
    },
    forget(sessionIds: readonly SessionId[]): void {
      for (const sessionId of sessionIds) remove(sessionId)
    },
    /** The newest context of any of the user's sessions. */
    latest(userId: UserId): VaultAnswer {
      let state: 'expired' | 'lost' = 'lost'
      for (const sessionId of [...(ofUser.get(userId) ?? [])].toReversed()) {
        const { text = null, expiresAt = null } = entries.get(sessionId) ?? {}
        if (text !== null && (expiresAt === null || expiresAt > now()))
          return { state: 'live', sessionId, context: JSON.parse(text) as Context, expiresAt }
        state = 'expired'
      }
      return { state }
    },
    /** Runs `store`, which stores an authentication and holds its context; `whenStored` waits for it. */
    async whileStoring<Value>(user: HostUser, store: () => Promise<Value>): Promise<Value> {
      const key = keyOf(user)
      const stored = store()
      const all = Promise.allSettled([storing.get(key), stored]).then(() => {
        if (storing.get(key) === all) storing.delete(key)
      })
      storing.set(key, all)
      return stored
    },
    /** Resolves when the contexts of all of the user's authentications under way are held. */
    async whenStored(user: HostUser): Promise<void> {
      await storing.get(keyOf(user))
    },
    /** Called after each `hold`. Returns the unsubscribe. */
    onHeld(listener: (userId: UserId) => void): () => void {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    /** Sessions whose contexts are held. */
    sessions: (): readonly SessionId[] => [...entries.keys()],
    /** Bytes of the JSON texts. */
    get heldBytes(): number {
      return heldBytes
    },
  }
}
