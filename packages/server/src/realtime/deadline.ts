/** A timer for a moment in time, however far away. */

/** Node fires at once for longer delays than this. */
const LONGEST_MS = 2 ** 31 - 1

/** Calls once at `at` (milliseconds since the epoch). Returns what cancels it. */
export function atTime(at: number, now: () => number, call: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = () => {
    const left = at - now()
    timer = setTimeout(left > LONGEST_MS ? arm : call, Math.min(Math.max(left, 0), LONGEST_MS))
  }
  arm()
  return () => clearTimeout(timer)
}
