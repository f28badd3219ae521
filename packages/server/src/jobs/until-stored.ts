/** Stores what has happened already, however often the database fails. */
import { rest } from './lanes.ts'

export interface UntilStoredOptions {
  /** Pause after a failure. Milliseconds. */
  readonly restMs: number
  /** Ends a pause at once; the try after it is the last one. */
  readonly signal: AbortSignal
  /** Called with each failure. Throws if no further try is wanted. */
  readonly onFailure: (error: unknown) => void
}

/** Resolves as `store` does. Once the signal has aborted, rejects as the last try did. */
export async function untilStored<Value>(
  store: () => Promise<Value>,
  { restMs, signal, onFailure }: UntilStoredOptions,
): Promise<Value> {
  for (;;) {
    try {
      return await store()
    } catch (error) {
      onFailure(error)
      if (signal.aborted) throw error
      await rest(restMs, signal)
    }
  }
}
