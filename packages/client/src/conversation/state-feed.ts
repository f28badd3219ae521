/** One snapshot of many parts: composed on demand, and emitted once for simultaneous changes. */

export interface StateFeed<State> {
  /** The same object until something changes. */
  readonly state: State
  changed(): void
}

/** @param schedule runs work later; default: in a microtask. */
export function createStateFeed<State>(
  compose: () => State,
  tell: (state: State) => void,
  schedule: (work: () => void) => void = queueMicrotask,
): StateFeed<State> {
  let state: State | null = null
  let isDue = false
  const read = () => {
    state ??= compose()
    return state
  }
  return {
    get state() {
      return read()
    },
    changed() {
      state = null
      if (isDue) return
      isDue = true
      schedule(() => {
        isDue = false
        tell(read())
      })
    },
  }
}

/** A schedule that runs work at intervals of `ms` at least, the first in a microtask. */
export function atMostEvery(ms: number): (work: () => void) => void {
  let ranAt = Number.NEGATIVE_INFINITY
  return (work) => {
    const run = () => {
      ranAt = performance.now()
      work()
    }
    const waitMs = ranAt + ms - performance.now()
    if (waitMs > 0) setTimeout(run, waitMs)
    else queueMicrotask(run)
  }
}
