/** The anonymous visitor's session secret: stored, and made once though several tabs start at the same moment ([ID1]). */
import type { ChatStorage } from '../storage/chat-storage.ts'

const KEY = 'session'

interface StoredSession {
  readonly token: string
}

export interface AnonymousSession {
  /** The secret, if there is one. */
  peek(): Promise<string | undefined>
  /** The secret; or nothing, and then no other tab asks for a session until `settle()` or `release()`. */
  acquire(): Promise<string | undefined>
  /** The server answered, with a secret if it made a session. */
  settle(token: string | undefined): Promise<void>
  /** The attempt to get one is over. */
  release(): void
  /** The secret is of no use any more. Leaves alone what another tab stored meanwhile. */
  drop(): Promise<void>
  /** Forgets whatever is stored. */
  purge(): Promise<void>
}

/** `lockName` is shared by the tabs of one app and server. */
export function createAnonymousSession(storage: ChatStorage, lockName: string): AnonymousSession {
  let known: string | undefined
  let abort = new AbortController()
  const load = async () => {
    known ??= (await storage.get<StoredSession>(KEY))?.token
    return known
  }
  const release = () => {
    abort.abort()
    abort = new AbortController()
  }
  return {
    peek: load,
    async acquire() {
      // Of this attempt: one that is released while it looks must not take the lock afterwards.
      const { signal } = abort
      if ((await load()) !== undefined) return known
      await holdLock(lockName, signal)
      if ((await load()) !== undefined) release()
      return known
    },
    async settle(token) {
      if (token !== undefined) {
        known = token
        await storage.set(KEY, { token } satisfies StoredSession)
      }
      release()
    },
    release,
    async drop() {
      const dropped = known
      known = undefined
      await storage.update<StoredSession | undefined>(KEY, (stored) =>
        stored?.token === dropped ? undefined : stored,
      )
    },
    async purge() {
      known = undefined
      await storage.delete(KEY)
    },
  }
}

/** Resolves when the lock is held (until `signal` aborts), or at once where the browser has no locks. */
function holdLock(name: string, signal: AbortSignal): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (locks === undefined || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const held = () => {
      resolve()
      return new Promise<void>((end) => signal.addEventListener('abort', () => end()))
    }
    // Refused where storage is blocked: two tabs may then get a session each.
    locks.request(name, { signal }, held).catch(() => resolve())
  })
}
