/** Waits between tries, so that many do not try again at the same moment: full jitter, by cockatiel. */
import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel'

export interface JitterBounds {
  /** Upper bound of the wait after the first failure; it doubles with each further one. Milliseconds. */
  readonly baseMs: number
  /** Milliseconds. */
  readonly capMs: number
}

const optionsOf = ({ baseMs, capMs }: JitterBounds) => ({
  generator: fullJitterGenerator,
  initialDelay: baseMs,
  maxDelay: capMs,
  exponent: 2,
})

/** For cockatiel's `retry`. */
export const fullJitter = (bounds: JitterBounds) => new ExponentialBackoff(optionsOf(bounds))

/**
 * For tries that are counted elsewhere: a job's in the database, a connection's by ioredis. `failures`: from 1. Whole
 * milliseconds.
 */
export const fullJitterMs = (failures: number, bounds: JitterBounds): number =>
  fullJitterGenerator(failures - 1, optionsOf(bounds))[0]
