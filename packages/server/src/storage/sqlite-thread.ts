/** Owns the worker of one SQLite connection: starts it, sends it requests, and reports its end. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type {
  SqliteFailure,
  SqliteOpening,
  SqliteReply,
  SqliteRequest,
  SqliteWorkerData,
} from './sqlite-worker.js'

/** An error of SQLite; `code` is its name, e.g. `SQLITE_FULL`. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
  readonly code: string

  constructor(failure: SqliteFailure) {
    super(failure.message)
    this.code = failure.code
  }
}

/** The thread ended while it was needed; SQLite's journal decides if its open transaction was committed. */
export class SqliteThreadError extends Error {
  override readonly name = 'SqliteThreadError'
}

interface SqliteAnswer {
  readonly rows: readonly unknown[]
  readonly changes: number | null
}

/** One run of the worker. A transaction belongs to one run: after its end every call rejects. */
export interface SqliteSession {
  query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer>
  /** Begins a transaction. If that fails, its queries reject, up to the rollback. */
  begin(): void
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Ends this run without closing the database; later requests reject. */
  abandon(): Promise<void>
}

type Ask =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'close' }
  | { readonly kind: 'abandon' }

class WorkerSession implements SqliteSession {
  readonly #worker: Worker
  readonly #pending = new Map<
    number,
    { resolve: (answer: SqliteAnswer) => void; reject: (error: Error) => void }
  >()
  /**
   * Sent together at the end of this turn of the event loop: a message to another thread costs more than most queries.
   */
  #asked: SqliteRequest[] = []
  #lastId = 0
  #ended: Error | null = null

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (replies: readonly SqliteReply[]) => {
      for (const reply of replies) this.#settle(reply)
    })
    worker.on('error', (error) =>
      this.#end(new SqliteThreadError('the SQLite thread failed', { cause: error })),
    )
    worker.on('exit', () => this.#end(new SqliteThreadError('the SQLite thread ended')))
  }

  get ended(): boolean {
    return this.#ended !== null
  }

  query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer> {
    return this.#ask({ kind: 'query', sql, parameters })
  }

  begin(): void {
    this.#ask({ kind: 'begin' }).catch(() => undefined)
  }

  async commit(): Promise<void> {
    await this.#ask({ kind: 'commit' })
  }

  async rollback(): Promise<void> {
    try {
      await this.#ask({ kind: 'rollback' })
    } catch (error) {
      // A connection that cannot roll back is in an unknown state; only a new one can be trusted.
      await this.abandon()
      throw error
    }
  }

  close(): Promise<void> {
    return this.#leave('close')
  }

  abandon(): Promise<void> {
    return this.#leave('abandon')
  }

  async #leave(kind: 'close' | 'abandon'): Promise<void> {
    if (this.#ended !== null) return
    const exit = once(this.#worker, 'exit')
    // The thread may end before it answers; only its end matters here.
    await this.#ask({ kind }).catch(() => undefined)
    await exit
  }

  #ask(ask: Ask): Promise<SqliteAnswer> {
    if (this.#ended !== null) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    this.#asked.push({ ...ask, id })
    // A tick requested in a microtask runs after the last microtask.
    if (this.#asked.length === 1) queueMicrotask(() => process.nextTick(() => this.#send()))
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
    })
  }

  #send(): void {
    this.#worker.postMessage(this.#asked)
    this.#asked = []
  }

  #settle(reply: SqliteReply): void {
    const waiting = this.#pending.get(reply.id)
    if (waiting === undefined) return
    this.#pending.delete(reply.id)
    if ('error' in reply) waiting.reject(new SqliteError(reply.error))
    else waiting.resolve(reply)
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const waiting of this.#pending.values()) waiting.reject(this.#ended)
    this.#pending.clear()
  }
}

interface Started {
  readonly session: WorkerSession
  /** Identity of the opened file. */
  readonly file: string
}

async function start(data: SqliteWorkerData): Promise<Started> {
  // Without the parent's flags, some of which forbid loading a file. In a variable so that bundlers leave the file
  // alone: it is loaded as it is.
  const url = new URL('./sqlite-worker.js', import.meta.url)
  const worker = new Worker(url, { workerData: data, execArgv: [] })
  try {
    const [opening] = (await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => Promise.reject(new Error('the SQLite thread ended'))),
    ])) as [SqliteOpening]
    if ('error' in opening) throw new SqliteError(opening.error)
    return { session: new WorkerSession(worker), file: opening.file }
  } catch (error) {
    throw new SqliteThreadError(`cannot open ${data.path}`, { cause: error })
  }
}

export type SqliteThread = ReturnType<typeof createSqliteThread>

export function createSqliteThread(data: Omit<SqliteWorkerData, 'file'>) {
  let running: Promise<Started> | null = null
  let closed = false
  /** The first run's file: a later run must not continue with another file, or create one. */
  let file: string | null = null

  async function begin(): Promise<Started> {
    const started = await start({ ...data, file })
    file = started.file
    return started
  }

  return {
    /** Resolves with the current run, or with a new one after the last has ended. */
    async session(): Promise<SqliteSession> {
      if (closed) throw new SqliteThreadError('the SQLite thread was closed')
      const current = running
      if (current !== null) {
        const started = await current.catch(() => null)
        if (started !== null && !started.session.ended) return started.session
        if (running === current) running = null
      }
      running ??= begin()
      return (await running).session
    },
    async close(): Promise<void> {
      closed = true
      const started = await running?.catch(() => null)
      await started?.session.close()
    },
  }
}
