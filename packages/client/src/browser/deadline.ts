/** A time limit that counts only time in which the page itself was running. */

/**
 * Calls `passed` after `ms`, waiting in halves: a page that was suspended during one of them has yet to handle earlier
 * events. Returns a function that ends it.
 */
export function startDeadline(ms: number, passed: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(passed, ms / 2)
  }, ms / 2)
  return () => clearTimeout(timer)
}
