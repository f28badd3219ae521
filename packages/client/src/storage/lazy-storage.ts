/** Stands for a store whose code few pages need: it is loaded with the first call. */
import type { ChatStorage } from './chat-storage.ts'

/** Each call rejects while the code cannot be loaded, and the next one retries. */
export function createLazyStorage(load: () => Promise<ChatStorage>): ChatStorage {
  let loading: Promise<ChatStorage> | undefined
  const store = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return {
    get: async <Value>(key: string) => (await store()).get<Value>(key),
    set: async (key, value) => (await store()).set(key, value),
    update: async (key, change) => (await store()).update(key, change),
    delete: async (key) => (await store()).delete(key),
    activate: () =>
      void store().then(
        ({ activate }) => activate?.(),
        () => {},
      ),
    close: () =>
      void loading?.then(
        ({ close }) => close?.(),
        () => {},
      ),
  }
}
