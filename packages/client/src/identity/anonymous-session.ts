/**
 * The anonymous visitor's session secret: stored, and made once even if several tabs start at the same moment ([ID1]).
 */
import { holdLock } from '../browser/web-locks.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createSignedInVisitor, type KeptVisitor, type SignedInVisitor } from './signed-in-visitor.ts'

const KEY = 'session'
/** Time within which a tab that asks the server for a session has an answer. Milliseconds. */
const ASKED_WITHIN_MS = 5_000

interface StoredSession {
  readonly token: string
  /** The user whom the chat itself signed in with it. */
  readonly visitor?: KeptVisitor
}

export interface AnonymousSession {
  /** The user whom the chat itself signed in by the stored session, and its secret. */
  signedIn(): Promise<SignedInVisitor | undefined>
  /** Stores the session of a user whom the chat signed in. */
  keep(token: string, visitor: KeptVisitor): Promise<void>
  /** The secret, if it has been read. */
  known(): string | undefined
  /** The secret, if there is one. */
  peek(): Promise<string | undefined>
  /** The secret; or `undefined`, and then no other tab asks for a session until `settle()` or `release()`. */
  acquire(): Promise<string | undefined>
  /** Called with the server's answer: a secret if it made a session. */
  settle(token: string | undefined): Promise<void>
  /** Called when the attempt to get one has ended. */
  release(): void
  /** The visitor signs out: the secret is only for revoking the session, and no longer stored. */
  retire(): Promise<void>
  /** Deletes a secret that is no longer valid. */
  drop(): Promise<void>
}

/** `lockName` is shared by the tabs of one app and server. */
export function createAnonymousSession(storage: ChatStorage, lockName: string): AnonymousSession {
  let known: string | undefined
  /** A secret that was stored but not read in time, so that the server was asked for another one. */
  let unread: string | undefined
  let abort = new AbortController()
  const load = async () => {
    known ??= (await storage.get<StoredSession>(KEY))?.token
    return known
  }
  /**
   * Leaves alone a secret that another tab stored meanwhile. `isLeft`: the visitor signs out, with the unread secret
   * too.
   */
  const forget = (secret: string | undefined, isLeft = false) =>
    storage.update<StoredSession | undefined>(KEY, (stored) =>
      stored?.token === secret || (isLeft && stored?.token === unread) ? undefined : stored,
    )
  const release = () => {
    abort.abort()
    abort = new AbortController()
  }
  return {
    known: () => known,
    async signedIn() {
      const stored = await storage.get<StoredSession>(KEY)
      known ??= stored?.token
      return stored?.visitor && createSignedInVisitor(stored.visitor, { session: stored.token })
    },
    keep(token, { userIdentifier, method }) {
      known = token
      const visitor = { userIdentifier, method }
      return storage.update<StoredSession>(KEY, () => ({ token, visitor }))
    },
    peek: load,
    async acquire() {
      // An earlier attempt that nobody ended would make this one wait for its own lock.
      release()
      // Of this attempt: if it is released while it reads, it must not take the lock afterwards.
      const { signal } = abort
      if ((await load()) !== undefined) return known
      // Refused if storage is blocked, and some tabs hold it for ever: two tabs may then get a session each.
      await holdLock(lockName, signal, { withinMs: ASKED_WITHIN_MS })
      if ((await load()) !== undefined) release()
      return known
    },
    async settle(token) {
      if (token !== undefined) {
        known = token
        await storage.update<StoredSession>(KEY, (stored) => {
          unread = stored?.token
          return stored ?? { token }
        })
      }
      release()
    },
    release,
    async retire() {
      await forget(await load(), true)
    },
    drop() {
      const secret = known
      known = undefined
      return forget(secret)
    },
  }
}
