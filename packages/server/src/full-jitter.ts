/** Waits between tries. */

export interface JitterBounds {
  /** Upper bound of the wait after the first failure; it doubles with each further one. Milliseconds. */
  readonly baseMs: number
  /** Milliseconds. */
  readonly capMs: number
}

/** A random wait below a bound that doubles, so that many do not try again at the same moment. `failures`: from 1. */
export const fullJitterMs = (failures: number, { baseMs, capMs }: JitterBounds): number =>
  Math.random() * Math.min(capMs, baseMs * 2 ** (failures - 1))
