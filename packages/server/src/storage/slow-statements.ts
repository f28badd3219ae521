/** Logs statements that take long, without their values ([OP14]). */
import type { Logger as StatementLogger } from 'kysely'
import type { Logger } from 'pino'

/** Milliseconds, with the wait for the statements before it on the same connection. */
const SLOW_MS = 500
/** Milliseconds between two lines. */
const EVERY_MS = 1_000
const MOST_CHARACTERS = 1_000

export type SlowStatementLog = StatementLogger

export function createSlowStatementLog(
  logger: Pick<Logger, 'warn'>,
  now = () => performance.now(),
): SlowStatementLog {
  let loggedAt = Number.NEGATIVE_INFINITY
  let unlogged = 0
  return ({ query, queryDurationMillis }) => {
    if (queryDurationMillis < SLOW_MS) return
    if (now() - loggedAt < EVERY_MS) {
      unlogged += 1
      return
    }
    loggedAt = now()
    const ms = Math.round(queryDurationMillis)
    const sql = query.sql.slice(0, MOST_CHARACTERS)
    logger.warn({ sql, ms, values: query.parameters.length, unlogged }, 'a statement was slow')
    unlogged = 0
  }
}
