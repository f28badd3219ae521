/** Storage that writes nothing before the visitor's first action. Earlier data is still read. */
import type { ChatStorage } from './chat-storage.ts'

type Change = (value: unknown) => unknown

/** `copyOf` copies plain data. Imports nothing: this file may be loaded by another URL than the rest. */
export function createDeferredStorage(
  inner: ChatStorage,
  copyOf: <Value>(value: Value) => Value,
): ChatStorage {
  /** Changes by key, to be applied on activation. */
  const held = new Map<string, Change[]>()
  let active = false
  /** `isWhole`: true if it replaces earlier changes of the value. */
  const change = async (key: string, one: Change, direct: () => Promise<void>, isWhole = false) => {
    if (active) await flush()
    if (active) return direct()
    held.set(key, isWhole ? [one] : [...(held.get(key) ?? []), one])
  }
  let flushing: Promise<void> | null = null
  /** Rejects if the store refuses; the next call retries. */
  const flush = () => {
    flushing ??= (async () => {
      for (const [key, changes] of held) {
        await inner.update(key, (value) => apply(changes, value))
        held.delete(key)
      }
    })().finally(() => {
      flushing = null
    })
    return flushing
  }
  const read = async (key: string) => copyOf(apply(held.get(key) ?? [], await inner.get(key)))
  return {
    ...(inner.kind === undefined ? {} : { kind: inner.kind }),
    ...(inner.scope === undefined ? {} : { scope: inner.scope }),
    get: async <Value>(key: string) => (await read(key)) as Value | undefined,
    set(key, value) {
      const copy = copyOf(value)
      return change(
        key,
        () => copy,
        () => inner.set(key, copy),
        true,
      )
    },
    update: <Value>(key: string, one: (value: Value | undefined) => Value) =>
      change(key, one as Change, () => inner.update(key, one)),
    delete: (key) =>
      change(
        key,
        () => undefined,
        () => inner.delete(key),
        true,
      ),
    activate() {
      active = true
      flush().catch(() => {})
    },
    close: () => inner.close?.(),
  }
}

const apply = (changes: readonly Change[], value: unknown) =>
  changes.reduce((result, change) => change(result), value)
