/** A store of idb-keyval that outlives the loss of its connection to the database. */
import { createStore, type UseStore } from 'idb-keyval'

/** Runs what is to be done with the store. Rejects where it failed twice. */
export type RunOnStore = <Value>(task: (store: UseStore) => Promise<Value>) => Promise<Value>

export function createReopeningStore(databaseName: string, storeName: string): RunOnStore {
  const open = () => createStore(databaseName, storeName)
  let store: UseStore | undefined
  /** Browsers close connections behind our back (Safari does, in the background): once more, on a new one. */
  return async (task) => {
    try {
      store ??= open()
      return await task(store)
    } catch {
      store = open()
      return task(store)
    }
  }
}
