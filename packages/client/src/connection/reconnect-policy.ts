/** Delays before retries. */

export interface ReconnectPolicy {
  /** `attempt` counts from 1 and starts again after a success. Milliseconds. */
  nextDelayMs(attempt: number): number
}

/** Full jitter: a random delay below a bound that doubles, so that many clients do not retry at the same moment. */
export function createFullJitterPolicy(
  options: { readonly baseMs?: number; readonly capMs?: number; readonly random?: () => number } = {},
): ReconnectPolicy {
  const { baseMs = 500, capMs = 8_000, random = Math.random } = options
  return {
    nextDelayMs: (attempt) => random() * Math.min(capMs, baseMs * 2 ** (Math.max(1, attempt) - 1)),
  }
}
