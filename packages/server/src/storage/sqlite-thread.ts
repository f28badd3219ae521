/** Owns the worker of one SQLite connection: starts it, asks it, and says clearly when it is gone. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type {
  SqliteFailure,
  SqliteOpening,
  SqliteReply,
  SqliteRequest,
  SqliteWorkerData,
} from './sqlite-worker.js'

/** An error SQLite gave; `code` is its name, e.g. `SQLITE_FULL`. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
  readonly code: string

  constructor(failure: SqliteFailure) {
    super(failure.message)
    this.code = failure.code
  }
}

/** The thread ended while it was needed; whether its open transaction was committed is for SQLite's journal to say. */
export class SqliteThreadError extends Error {
  override readonly name = 'SqliteThreadError'
}

interface SqliteAnswer {
  readonly rows: readonly unknown[]
  readonly changes: number | null
}

/** One life of the worker. A transaction belongs to one life: after its end every call rejects. */
export interface SqliteSession {
  query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer>
  /** Where it fails, the queries after it reject, up to the rollback. */
  begin(): void
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Ends this life without closing the database; what is asked after rejects. */
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
  /** Sent together once this turn of the loop asks no more: a message to another thread costs more than most queries. */
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
    // The thread may end before it answers; that it ends is all that counts here.
    await this.#ask({ kind }).catch(() => undefined)
    await exit
  }

  #ask(ask: Ask): Promise<SqliteAnswer> {
    if (this.#ended !== null) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    this.#asked.push({ ...ask, id })
    // Ticks that are asked for in a microtask follow the last microtask.
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
  /** Which file was opened. */
  readonly file: string
}

async function start(data: SqliteWorkerData): Promise<Started> {
  // Without the parent's flags, of which some forbid loading a file. Kept in a variable so that bundlers leave the file alone: it is loaded as it lies there.
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
  /** Of the first life: a later one must not go on with another file, or make a new one. */
  let file: string | null = null

  async function begin(): Promise<Started> {
    const started = await start({ ...data, file })
    file = started.file
    return started
  }

  return {
    /** The running life, or a new one after the last has ended. */
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
