/** Background work that runs once at a time, however often it is asked for. */
import type { Logger } from 'pino'
import { rest } from './lanes.ts'

export interface BackgroundTaskOptions {
  /** Rejects if the work has to be done again. */
  readonly run: () => Promise<void>
  /** For the log, e.g. `owed work could not be read`. */
  readonly failure: string
  /** Pause after a rejection. Milliseconds. */
  readonly restMs: number
  readonly signal: AbortSignal
  readonly logger: Logger
}

export function createBackgroundTask(options: BackgroundTaskOptions) {
  const { run, failure, restMs, signal, logger } = options
  let running: Promise<void> | null = null
  let isAsked = false

  async function runUntilDone(): Promise<void> {
    while (isAsked && !signal.aborted) {
      isAsked = false
      try {
        await run()
      } catch (error) {
        if (signal.aborted) break
        logger.error(
          { error: error instanceof Error ? error.name : typeof error },
          `${failure}; it is tried again`,
        )
        isAsked = true
        await rest(restMs, signal)
      }
    }
    running = null
  }

  return {
    /** Runs it; if it is running, runs it once more afterwards, as it may have read too early. */
    ask(): void {
      isAsked = true
      running ??= runUntilDone()
    },
    /** Resolves when it is not running; while it fails, only once the signal aborts. */
    idle: async () => {
      await running
    },
  }
}
