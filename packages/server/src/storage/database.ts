/** A database as the queries see it: reads, writes in one transaction, and kinds of failures. */
import { ChatError } from '@chat-widget/protocol'
import { handleWhen, retry } from 'cockatiel'
import { type Kysely, sql, type Transaction } from 'kysely'
import pLimit from 'p-limit'
import { fullJitter } from '../full-jitter.ts'
import type { Tables } from './schema.ts'

/**
 * `conflict`: two writers met, a retry may succeed. `refused`: the database works but does not accept this data.
 * `outage`: it cannot store right now.
 */
export type Failure = 'conflict' | 'refused' | 'outage'

/** Thrown within a transaction that has to be retried from its beginning. */
export class Conflict extends Error {
  override readonly name = 'Conflict'
}

/** The differences between the databases; all queries are the same. */
export interface SqlDatabaseParts {
  readonly reader: Kysely<Tables>
  readonly writer: Kysely<Tables>
  /** Writes without a time limit. */
  readonly administrator: Kysely<Tables>
  /** True if there are other writers, so that rows must be locked before a change that depends on reading them. */
  readonly locksRows: boolean
  /**
   * True if statements of a transaction may be sent without waiting for each other's results: after one that fails, no
   * further one is run, nor the commit.
   */
  readonly pipelines: boolean
  /** Groups of appends that may run at once. */
  readonly appendLanes: number
  /** Statements that refresh the database's statistics of its tables; none if it does that by itself. */
  readonly statistics: readonly string[]
  /** Removes what deleted rows have left in the database's files. */
  scrub(administrator: Kysely<Tables>): Promise<void>
  /** Other writes that may ask for the writer at once. With 1 of each, they and the appends take turns. */
  readonly otherWrites: number
  classify(error: unknown): Failure
  close(): Promise<void>
}

export interface SqlDatabase {
  readonly locksRows: boolean
  readonly appendLanes: number
  read<Value>(work: (db: Kysely<Tables>) => Promise<Value>): Promise<Value>
  /** Runs `work` in one transaction, again after a conflict; so `work` must keep no state between runs. */
  write<Value>(work: (db: Transaction<Tables>) => Promise<Value>): Promise<Value>
  /** As `write`, for a group of appends: it waits for one other write at most, however many wait ([DL9]). */
  writeAppends: SqlDatabase['write']
  /**
   * Runs the statements of one transaction in their order, sent together if the database allows it. For statements that
   * do not depend on each other's results.
   */
  together<const Statements extends readonly (() => Promise<unknown>)[]>(
    statements: Statements,
  ): Promise<{ -readonly [Key in keyof Statements]: Awaited<ReturnType<Statements[Key]>> }>
  /** Runs schema changes: a writer without a transaction and without a time limit. */
  administer<Value>(work: (db: Kysely<Tables>) => Promise<Value>): Promise<Value>
  /** Refreshes the statistics by which the database chooses indexes. */
  refreshStatistics(): Promise<void>
  /** Removes what deleted rows have left in the database's files, as far as it can while it is used. */
  scrub(): Promise<void>
  /** Calls back after a write that rejected with `unavailable`, which may have been stored. Returns the unsubscribe. */
  onUncertain(listener: () => void): () => void
  close(): Promise<void>
}

/** Most reads and writes of all callers together; further ones are `unavailable` at once. */
const MOST_UNDER_WAY = 10_000
/** Runs of a transaction after its first one. */
const RETRIES = 9
const PAUSES = fullJitter({ baseMs: 10, capMs: 200 })

/** Calls reject with `unavailable` in an outage and with `internal` if the database refuses the data. */
export function createSqlDatabase(parts: SqlDatabaseParts): SqlDatabase {
  let closing: Promise<void> | null = null
  const listeners = new Set<() => void>()

  function asChatError(error: unknown): ChatError {
    if (error instanceof ChatError) return error
    if (parts.classify(error) === 'refused') {
      return new ChatError('internal', 'the database refused a statement', { cause: error })
    }
    return new ChatError('unavailable', 'the database cannot be used right now', { cause: error })
  }

  let underWay = 0

  async function guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    if (closing !== null) throw new ChatError('unavailable', 'the storage is closed')
    underWay += 1
    try {
      return await work()
    } catch (error) {
      throw asChatError(error)
    } finally {
      underWay -= 1
    }
  }

  /** Bounds the calls under way: a slow or absent database must not fill the memory with waiting ones. */
  async function bounded<Value>(run: () => Promise<Value>): Promise<Value> {
    if (underWay >= MOST_UNDER_WAY)
      throw new ChatError('unavailable', 'too much waits for the database', { retryAfterMs: 1_000 })
    return run()
  }

  async function telling<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await guarded(work)
    } catch (error) {
      if (closing === null && error instanceof ChatError && error.code === 'unavailable')
        for (const listener of [...listeners]) listener()
      throw error
    }
  }

  const isConflict = (error: Error) => error instanceof Conflict || parts.classify(error) === 'conflict'
  const conflicts = retry(handleWhen(isConflict), { maxAttempts: RETRIES, backoff: PAUSES })
  const inTransaction: SqlDatabase['write'] = (work) =>
    conflicts.execute(() => parts.writer.transaction().execute(work))
  const others = pLimit(parts.otherWrites)
  const write: SqlDatabase['write'] = (work) =>
    bounded(() => telling(() => others(() => inTransaction(work))))

  return {
    locksRows: parts.locksRows,
    appendLanes: parts.appendLanes,
    read: (work) => bounded(() => guarded(() => work(parts.reader))),
    administer: (work) => guarded(() => work(parts.administrator)),
    onUncertain(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    write,
    async together(statements) {
      const results: unknown[] = []
      if (parts.pipelines) results.push(...(await Promise.all(statements.map((run) => run()))))
      else for (const run of statements) results.push(await run())
      return results as never
    },
    writeAppends: (work) => bounded(() => telling(() => inTransaction(work))),
    scrub: () => guarded(() => parts.scrub(parts.administrator)),
    async refreshStatistics() {
      if (parts.statistics.length === 0) return
      await write(async (db) => {
        for (const statement of parts.statistics) await sql.raw(statement).execute(db)
      })
    },
    close() {
      // After the calls before.
      closing ??= others(() => undefined).then(parts.close)
      return closing
    },
  }
}
