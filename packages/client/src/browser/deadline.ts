/** A time limit that counts only time in which the page itself was running. */

/**
 * Calls `passed` after `ms`, in halves: a page that stood still through one of them has yet to handle what came
 * meanwhile. Returns what ends it.
 */
export function startDeadline(ms: number, passed: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(passed, ms / 2)
  }, ms / 2)
  return () => clearTimeout(timer)
}
