/** [DL5] Storage that never rejects: changes that the store refuses are kept in memory and retried. */
import { copyOf } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'

export interface ResilientStorage extends ChatStorage {
  /** `persistent` if everything written so far outlives the page. */
  readonly saved: 'persistent' | 'memory'
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
  const flush = async () => {
    for (const [key, changes] of unsaved) {
      await inner.update(key, (value) => changes.reduce((result, change) => change(result), value as unknown))
      unsaved.delete(key)
    }
  }
  /** `isWhole`: true if it replaces earlier changes of the value. */
  const write = (
    key: string,
    change: Change,
    direct: () => Promise<void>,
    isWhole = false,
  ): Promise<void> => {
    tail = tail.then(async () => {
      try {
        const before = unsaved.get(key)
        if (before !== undefined) unsaved.set(key, isWhole ? [change] : [...before, change])
        else await direct()
      } catch (cause) {
        unsaved.set(key, [change])
        fail(cause)
      }
      try {
        await flush()
        recover()
      } catch (cause) {
        fail(cause)
      }
    })
    return tail
  }

  return {
    get saved() {
      return failing || inner.kind === 'memory' ? 'memory' : 'persistent'
    },
    ...(inner.scope === undefined ? {} : { scope: inner.scope }),
    async get<Value>(key: string) {
      const stored = await inner.get(key).catch(fail)
      const changes = unsaved.get(key) ?? []
      return changes.reduce((result, change) => change(result), stored as unknown) as Value | undefined
    },
    set(key, value) {
      const copy = copyOf(value)
      return write(
        key,
        () => copy,
        () => inner.set(key, copy),
        true,
      )
    },
    update: <Value>(key: string, change: (value: Value | undefined) => Value) =>
      write(key, change as Change, () => inner.update(key, change)),
    delete: (key) =>
      write(
        key,
        () => undefined,
        () => inner.delete(key),
        true,
      ),
    activate: () => inner.activate?.(),
    // Pending writes are finished first.
    close: () => void tail.then(() => inner.close?.()),
  }
}
