/**
 * [DL5] Storage that never rejects: changes that the store refuses are kept in memory and retried; so are those from
 * before the visitor's first action, where the store waits for it.
 */
import { copyOf } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'

export interface ResilientStorage extends ChatStorage {
  /** `persistent` if everything written so far outlives the page. */
  readonly saved: 'persistent' | 'memory'
  /** Replaces a value, and earlier changes of it; `undefined` deletes. */
  set(key: string, value: unknown): Promise<void>
  /** Called at the visitor's first action. */
  activate(): void
}

type Change = (value: unknown) => unknown

/** `onFailure` is called when the store begins to refuse, `onRecovery` when all refused changes are written. */
export function createResilientStorage(
  inner: ChatStorage,
  told: { readonly onFailure: (cause: unknown) => void; readonly onRecovery: () => void },
): ResilientStorage {
  /** Changes by key that the store does not have yet, oldest first. */
  const unsaved = new Map<string, Change[]>()
  let failing = false
  let isWaiting = inner.waitsForAction
  let tail: Promise<void> = Promise.resolve()

  const fail = (cause: unknown) => {
    if (failing) return
    failing = true
    told.onFailure(cause)
  }
  const recover = () => {
    if (!failing || unsaved.size > 0) return
    failing = false
    told.onRecovery()
  }
  const applied = (key: string, value: unknown) =>
    (unsaved.get(key) ?? []).reduce((result, change) => change(result), value)
  const flush = async () => {
    if (isWaiting) return
    try {
      for (const key of unsaved.keys()) {
        await inner.update(key, (value) => applied(key, value))
        unsaved.delete(key)
      }
      recover()
    } catch (cause) {
      fail(cause)
    }
  }
  /** `isWhole`: true if it replaces earlier changes of the value. */
  const write = (key: string, change: Change, isWhole = false): Promise<void> => {
    tail = tail.then(async () => {
      try {
        const before = unsaved.get(key)
        if (isWaiting || before) unsaved.set(key, isWhole ? [change] : [...(before ?? []), change])
        else await inner.update(key, change, isWhole)
      } catch (cause) {
        unsaved.set(key, [change])
        fail(cause)
      }
      await flush()
    })
    return tail
  }

  return {
    get saved() {
      return failing || inner.kind === 'memory' ? 'memory' : 'persistent'
    },
    scope: inner.scope,
    get: async <Value>(key: string) => {
      const stored = await inner.get(key).catch(fail)
      return copyOf(applied(key, stored)) as Value | undefined
    },
    set(key, value) {
      const copy = copyOf(value)
      return write(key, () => copy, true)
    },
    update: <Value>(key: string, change: (value: Value | undefined) => Value) => write(key, change as Change),
    activate() {
      isWaiting = false
      tail = tail.then(flush)
    },
    // Pending writes are finished first.
    close: () => void tail.then(() => inner.close?.()),
  }
}
