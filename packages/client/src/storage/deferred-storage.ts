/** Storage that writes nothing down before the visitor's first action. What was stored before is still read. */
import type { ChatStorage } from './chat-storage.ts'

type Change = (value: unknown) => unknown

/** `copyOf` copies plain data. Nothing is imported: this file comes also where the rest was loaded by another address. */
export function createDeferredStorage(
  inner: ChatStorage,
  copyOf: <Value>(value: Value) => Value,
): ChatStorage {
  /** By key: what to do to the stored value on activation. */
  const held = new Map<string, Change[]>()
  let active = false
  /** `isWhole`: whatever was to be done to the value before is overtaken. */
  const change = async (key: string, one: Change, direct: () => Promise<void>, isWhole = false) => {
    if (active) await flush()
    if (active) return direct()
    held.set(key, isWhole ? [one] : [...(held.get(key) ?? []), one])
  }
  let flushing: Promise<void> | null = null
  /** Rejects when the store refuses; the next call tries again. */
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
    async keys() {
      const keys = [...new Set([...(await inner.keys()), ...held.keys()])]
      const values = await Promise.all(keys.map(read))
      return keys.filter((_, index) => values[index] !== undefined)
    },
    activate() {
      active = true
      flush().catch(() => {})
    },
    close: () => inner.close?.(),
  }
}

const apply = (changes: readonly Change[], value: unknown) =>
  changes.reduce((result, change) => change(result), value)
