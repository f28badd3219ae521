/** Storage that ends with the tab, over `sessionStorage`. */
import { attempt, tabArea } from '../browser/browser.ts'
import type { ChatStorage } from './chat-storage.ts'

/** The part of `Storage` that is used, which types of Node lack. */
interface TabArea {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

function requireTabArea(): TabArea {
  const area = tabArea()
  if (area === undefined) throw new DOMException('There is no storage for tabs.', 'NotSupportedError')
  return area
}

/** `area` is for tests. Every call rejects if the browser refuses, e.g. with cookies blocked. */
export function createSessionStorage(
  app: string,
  server: string,
  area: () => TabArea = requireTabArea,
): ChatStorage {
  const prefix = `chat-widget:${app}@${server}:`
  const read = (key: string): unknown => {
    const json = area().getItem(prefix + key)
    if (json === null) return undefined
    // Anything but JSON is not ours; it is reported and deleted like other invalid values.
    return attempt(() => JSON.parse(json)) ?? json
  }
  const write = (key: string, value: unknown) =>
    value === undefined
      ? area().removeItem(prefix + key)
      : area().setItem(prefix + key, JSON.stringify(value))
  return {
    scope: 'tab',
    get: async <Value>(key: string) => read(key) as Value | undefined,
    update: async <Value>(key: string, change: (value: Value | undefined) => Value) =>
      write(key, change(read(key) as Value | undefined)),
  }
}
