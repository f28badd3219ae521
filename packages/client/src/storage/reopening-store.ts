/** A store for idb-keyval that survives a lost connection to the database, and a database that does not answer. */
import { promisifyRequest, type UseStore } from 'idb-keyval'
import { attempt, databases } from '../browser/browser.ts'
import { startDeadline } from '../browser/deadline.ts'

export interface ReopeningStore {
  /** Runs a task on the store. Rejects if that failed, or took longer than the limit. */
  run<Value>(task: (store: UseStore) => Promise<Value>): Promise<Value>
  /** Closes the connection. The next `run` opens another. */
  close(): void
}

/** Time limit: opening an existing database takes milliseconds; the first use of a slow disk may take seconds. */
const LIMIT_MS = 5_000
/** Pause in which a database that did not answer is not used. Milliseconds. */
const REST_MS = 30_000
/** Pause after a reopened connection failed again. Milliseconds. */
const REOPENED_MS = 1_000

/** Errors that say nothing about the connection: another one would get them too. */
const REFUSALS: ReadonlySet<unknown> = new Set(['QuotaExceededError', 'DataCloneError', 'SecurityError'])

export function createReopeningStore(
  databaseName: string,
  storeName: string,
  limitMs = LIMIT_MS,
): ReopeningStore {
  let connection: Promise<IDBDatabase> | null = null
  let restsUntil = 0
  let reopenedAt = Number.NEGATIVE_INFINITY

  const forget = (which: Promise<IDBDatabase> | null) => {
    if (connection === which) connection = null
  }
  const close = () => {
    const before = connection
    connection = null
    before?.then(
      (database) => database.close(),
      () => {},
    )
  }
  const open = (): Promise<IDBDatabase> => {
    if (connection !== null) return connection
    const opened = openDatabase(databaseName, storeName, () => forget(opened))
    connection = opened
    opened.catch(() => forget(opened))
    return opened
  }

  /** Runs a task once, within the limit; later results are ignored. `on` gets the connection it runs on. */
  const once = <Value>(
    task: (store: UseStore) => Promise<Value>,
    on: (used: Promise<IDBDatabase>) => void = () => {},
  ) =>
    new Promise<Value>((resolve, reject) => {
      let transaction: IDBTransaction | undefined
      let isOver = false
      const stopDeadline = startDeadline(limitMs, () => {
        isOver = true
        restsUntil = performance.now() + REST_MS
        attempt(() => transaction?.abort())
        close()
        reject(late())
      })
      const store: UseStore = async (mode, callback) => {
        const used = open()
        on(used)
        const database = await used
        if (isOver) throw late()
        transaction = database.transaction(storeName, mode)
        return callback(transaction.objectStore(storeName))
      }
      task(store).then(resolve, reject).finally(stopDeadline)
    })

  return {
    async run(task) {
      if (performance.now() < restsUntil) throw late()
      let used: Promise<IDBDatabase> | null = null
      try {
        return await once(task, (one) => {
          used = one
        })
      } catch (error) {
        const { name } = error as { readonly name?: unknown }
        const now = performance.now()
        if (REFUSALS.has(name) || now < restsUntil) throw error
        // Browsers may close connections unnoticed (Safari does, in the background): tries once more, on a new one,
        // which another task may have opened already.
        if (connection === null || used === connection) {
          if (now - reopenedAt < REOPENED_MS) throw error
          reopenedAt = now
          close()
        }
        return once(task)
      }
    },
    close,
  }
}

const late = () => new DOMException('The database does not answer.', 'TimeoutError')

async function openDatabase(databaseName: string, storeName: string, gone: () => void): Promise<IDBDatabase> {
  const request = databases()?.open(databaseName)
  if (request === undefined) throw new DOMException('There is no IndexedDB.', 'NotSupportedError')
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  const database = await promisifyRequest(request)
  database.onclose = gone
  // Another script wants to delete or upgrade the database, and waits for this connection.
  database.onversionchange = () => {
    database.close()
    gone()
  }
  return database
}
