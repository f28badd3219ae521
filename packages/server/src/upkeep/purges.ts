/** Deletes rows that are no longer needed, in small transactions. */
import type { Logger } from 'pino'

export interface Purge {
  readonly name: string
  /** Deletes at most `limit` rows; called again until it is done. */
  readonly run: (limit: number) => Promise<{ readonly deleted: number; readonly isDone: boolean }>
}

/** Rows deleted by one transaction: other writes run between two of them. */
const BATCH = 200

/** Goes on with the others where one fails. Rejects only when the signal aborts. */
export async function runPurges(
  purges: readonly Purge[],
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  const deleted: Record<string, number> = {}
  for (const { name, run } of purges) {
    try {
      for (let isDone = false; !isDone; ) {
        signal.throwIfAborted()
        const step = await run(BATCH)
        deleted[name] = (deleted[name] ?? 0) + step.deleted
        isDone = step.isDone
      }
    } catch (error) {
      signal.throwIfAborted()
      logger.error({ err: error, purge: name }, 'what is old could not be deleted; it is tried again')
    }
  }
  const any = Object.values(deleted).some((count) => count > 0)
  logger[any ? 'info' : 'debug'](deleted, 'what was kept long enough is deleted')
}
