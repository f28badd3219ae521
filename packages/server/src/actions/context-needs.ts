/** Asks a user's devices for a context and waits for it. */
import type { UserId } from '@chat-widget/protocol'
import type { Context } from '../identity/context.ts'
import type { ContextVault, HostUser } from '../identity/context-vault.ts'

interface ContextNeed {
  /** Passed to the provider as `needsRefresh`. */
  readonly refresh: boolean
  readonly cause: 'expired' | 'action' | 'lost'
}

/** Waits of one user at a time; a further one goes without, as if no device brought a context. */
const MOST_OF_USER = 32

export interface ContextNeedsOptions {
  readonly vault: ContextVault
  readonly ask: (userId: UserId, need: ContextNeed) => void
  readonly waitMs: number
}

export type ContextNeeds = ReturnType<typeof createContextNeeds>

export function createContextNeeds({ vault, ask, waitMs }: ContextNeedsOptions) {
  const waiting = new Map<UserId, ContextNeed[]>()

  function wait(userId: UserId, need: ContextNeed, signal: AbortSignal): Promise<Context | null> {
    if ((waiting.get(userId)?.length ?? 0) >= MOST_OF_USER) return Promise.resolve(null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), waitMs)
      const unsubscribe = vault.onHeld((heldId) => {
        if (heldId !== userId) return
        const answer = vault.latest(userId)
        if (answer.state === 'live') finish(answer.context)
      })
      const abort = () => finish(null)
      function finish(context: Context | null): void {
        clearTimeout(timer)
        unsubscribe()
        signal.removeEventListener('abort', abort)
        const left = (waiting.get(userId) ?? []).filter((other) => other !== need)
        if (left.length > 0) waiting.set(userId, left)
        else waiting.delete(userId)
        resolve(context)
      }
      waiting.set(userId, [...(waiting.get(userId) ?? []), need])
      signal.addEventListener('abort', abort)
      if (signal.aborted) finish(null)
      else ask(userId, need)
    })
  }

  return {
    /** The context at hand, else the one a device brings in time; `null` when none does. */
    async obtain(user: HostUser & { readonly id: UserId }, signal: AbortSignal): Promise<Context | null> {
      const userId = user.id
      // A sign-in stores the released work before the vault holds the new context: wait, so that the work does not run
      // with an older one.
      await vault.whenStored(user)
      const answer = vault.latest(userId)
      switch (answer.state) {
        case 'live':
          return answer.context
        case 'expired':
          return wait(userId, { refresh: true, cause: 'expired' }, signal)
        case 'lost':
          return wait(userId, { refresh: false, cause: 'lost' }, signal)
        default:
          return answer satisfies never
      }
    },
    /** Asks for a newer context than the held one, which the company refused. */
    renew: (userId: UserId, signal: AbortSignal): Promise<Context | null> =>
      wait(userId, { refresh: true, cause: 'action' }, signal),
    /** The newest need that is waiting, for a device that connects meanwhile. */
    pending: (userId: UserId): ContextNeed | null => waiting.get(userId)?.at(-1) ?? null,
  }
}
