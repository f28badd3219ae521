/**
 * Storage that validates values when it reads them: another version, or another script of the page, may have written
 * them.
 */
import type { ChatStorage } from './chat-storage.ts'

/** Validators by key: each returns the valid part of a stored value, `undefined` for none. */
export type StoredChecks = Readonly<Record<string, (value: unknown) => unknown>>

/** Deletes invalid values from the store; `onDropped` gets the key. */
export function createCheckedStorage(
  inner: ChatStorage,
  checks: StoredChecks,
  onDropped: (key: string) => void,
): ChatStorage {
  const understood = (key: string, value: unknown): unknown => {
    const check = checks[key]
    if (value === undefined || check === undefined) return value
    const part = check(value)
    if (part !== value) onDropped(key)
    return part
  }
  return {
    kind: inner.kind,
    scope: inner.scope,
    waitsForAction: inner.waitsForAction,
    async get<Value>(key: string) {
      const value: unknown = await inner.get(key)
      const part = understood(key, value)
      if (part !== value) await inner.update<unknown>(key, (now) => understood(key, now)).catch(() => {})
      return part as Value | undefined
    },
    update: <Value>(key: string, change: (value: Value | undefined) => Value, isWhole?: boolean) =>
      inner.update<unknown>(key, (value) => change(understood(key, value) as Value | undefined), isWhole),
    close: () => inner.close?.(),
  }
}
