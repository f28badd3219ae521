/** Delays before retries. */

export interface ReconnectPolicy {
  /** `attempt` counts from 1 and starts again after a success. Milliseconds. */
  nextDelayMs(attempt: number): number
}

const BASE_MS = 500
const CAP_MS = 8_000

/** Full jitter: a random delay below a bound that doubles, so that many clients do not retry at the same moment. */
export const createFullJitterPolicy = ({
  random = Math.random,
}: {
  readonly random?: () => number
} = {}): ReconnectPolicy => ({
  nextDelayMs: (attempt) => random() * Math.min(CAP_MS, BASE_MS * 2 ** (Math.max(1, attempt) - 1)),
})
