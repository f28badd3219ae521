/** The anonymous visitor's session secret: stored, and made once though several tabs start at the same moment ([ID1]). */
import { holdLock } from '../browser/web-locks.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { type KeptVisitor, SignedInVisitor } from './signed-in-visitor.ts'

const KEY = 'session'
/** A tab that asks the server for a session has an answer by then. */
const ASKED_WITHIN_MS = 5_000

interface StoredSession {
  readonly token: string
  /** Whom the chat itself signed in with it. */
  readonly visitor?: KeptVisitor
}

export interface AnonymousSession {
  /** Whom the chat itself signed in, by the session that is stored, and its secret. */
  signedIn(): Promise<SignedInVisitor | undefined>
  /** They are signed in: from now on this is the session to come back with. */
  keep(token: string, visitor: KeptVisitor): Promise<void>
  /** The secret, where it has been read already. */
  readonly known: string | undefined
  /** The secret, if there is one. */
  peek(): Promise<string | undefined>
  /** The secret; or nothing, and then no other tab asks for a session until `settle()` or `release()`. */
  acquire(): Promise<string | undefined>
  /** The server answered, with a secret if it made a session. */
  settle(token: string | undefined): Promise<void>
  /** The attempt to get one is over. */
  release(): void
  /** The visitor leaves: the secret is good for revoking the session only, and stored no longer. */
  retire(): Promise<void>
  /** The secret is of no use any more. */
  drop(): Promise<void>
}

/** `lockName` is shared by the tabs of one app and server. */
export function createAnonymousSession(storage: ChatStorage, lockName: string): AnonymousSession {
  let known: string | undefined
  /** Stored before, and not read in time: the server was asked for another one. */
  let unread: string | undefined
  let abort = new AbortController()
  const load = async () => {
    known ??= (await storage.get<StoredSession>(KEY))?.token
    return known
  }
  /** Leaves alone what another tab stored meanwhile. `isLeft`: the visitor leaves, with what was not read. */
  const forget = (secret: string | undefined, isLeft = false) =>
    storage.update<StoredSession | undefined>(KEY, (stored) =>
      stored?.token === secret || (isLeft && stored?.token === unread) ? undefined : stored,
    )
  const release = () => {
    abort.abort()
    abort = new AbortController()
  }
  return {
    get known() {
      return known
    },
    async signedIn() {
      const stored = await storage.get<StoredSession>(KEY)
      return stored?.visitor && new SignedInVisitor(stored.visitor, { session: stored.token })
    },
    keep(token, { userIdentifier, method }) {
      known = token
      return storage.set(KEY, { token, visitor: { userIdentifier, method } } satisfies StoredSession)
    },
    peek: load,
    async acquire() {
      // An earlier attempt whose end nobody told would keep this one waiting for its own lock.
      release()
      // Of this attempt: one that is released while it looks must not take the lock afterwards.
      const { signal } = abort
      if ((await load()) !== undefined) return known
      // Refused where storage is blocked, and some tabs hold it for ever: two tabs may then get a session each.
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
