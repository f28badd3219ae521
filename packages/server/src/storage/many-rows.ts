/** Inserts of a group's rows. */
import { CompiledQuery, type InsertQueryBuilder, type InsertResult, type Kysely } from 'kysely'
import type { Tables } from './schema.ts'

interface Kept {
  readonly text: string
  readonly columns: readonly string[]
}

/** Numbers of rows whose text is kept; a group may have more. */
const MOST_KEPT = 300

/**
 * Returns an insert whose text is compiled once for each number of rows: that takes longer than to run it. Each row has
 * all columns.
 */
export function insertOfMany<Table extends keyof Tables>(
  insert: (
    db: Kysely<Tables>,
    rows: readonly Tables[Table][],
  ) => InsertQueryBuilder<Tables, Table, InsertResult>,
): (db: Kysely<Tables>, rows: readonly Tables[Table][]) => Promise<unknown> {
  /** By the adapter, of which each database has one. */
  const texts = new WeakMap<object, Map<number, Kept>>()

  function compile(db: Kysely<Tables>, rows: readonly Tables[Table][]): Kept {
    return { text: insert(db, rows).compile().sql, columns: Object.keys(rows[0] ?? {}) }
  }

  return (db, rows) => {
    const { adapter } = db.getExecutor()
    const kept = texts.get(adapter) ?? new Map<number, Kept>()
    texts.set(adapter, kept)
    const { text, columns } = kept.get(rows.length) ?? compile(db, rows)
    if (kept.size < MOST_KEPT) kept.set(rows.length, { text, columns })
    const parameters = rows.flatMap((row) => columns.map((column) => row[column as keyof Tables[Table]]))
    return db.executeQuery(CompiledQuery.raw(text, parameters))
  }
}
