/** Storage that ends with the tab, over `sessionStorage`. */
import type { ChatStorage } from './chat-storage.ts'

/** `area` is for tests. Every call rejects where the browser refuses, e.g. with cookies blocked. */
export function createSessionStorage(
  app: string,
  server: string,
  area: () => Storage = () => sessionStorage,
): ChatStorage {
  const prefix = `chat-widget:${app}@${server}:`
  const read = (key: string): unknown => {
    const json = area().getItem(prefix + key)
    return json === null ? undefined : JSON.parse(json)
  }
  const write = (key: string, value: unknown) =>
    value === undefined
      ? area().removeItem(prefix + key)
      : area().setItem(prefix + key, JSON.stringify(value))
  return {
    scope: 'tab',
    get: async <Value>(key: string) => read(key) as Value | undefined,
    set: async (key, value) => write(key, value),
    update: async <Value>(key: string, change: (value: Value | undefined) => Value) =>
      write(key, change(read(key) as Value | undefined)),
    delete: async (key) => area().removeItem(prefix + key),
    keys: async () =>
      Object.keys(area())
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  }
}
