/** Work in the background that can be asked for at any time: one run at a time, however often it is asked for. */
import type { Logger } from 'pino'
import { rest } from './lanes.ts'

export interface BackgroundTaskOptions {
  /** Rejects when it has to be done again. */
  readonly run: () => Promise<void>
  /** For the log, e.g. `what is owed could not be read`. */
  readonly failure: string
  /** How long it rests after a rejection. */
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
    /** Runs it; where it runs already, once more after that, for it may have looked too early. */
    ask(): void {
      isAsked = true
      running ??= runUntilDone()
    },
    /** Resolves when it does not run; never, unless the signal aborts, while it fails. */
    idle: async () => {
      await running
    },
  }
}
