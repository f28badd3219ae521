/** One snapshot of many parts: composed on demand, and emitted once for simultaneous changes. */

export interface StateFeed<State> {
  /** The same object until something changes. */
  readonly state: State
  changed(): void
}

/** @param everyMs least interval between changes. Milliseconds, default 0: once per microtask. */
export function createStateFeed<State>(
  compose: () => State,
  tell: (state: State) => void,
  everyMs = 0,
): StateFeed<State> {
  let state: State | null = null
  let isDue = false
  let toldAt = Number.NEGATIVE_INFINITY
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
      const tellNow = () => {
        isDue = false
        if (everyMs > 0) toldAt = performance.now()
        tell(read())
      }
      const waitMs = everyMs > 0 ? toldAt + everyMs - performance.now() : 0
      if (waitMs > 0) setTimeout(tellNow, waitMs)
      else queueMicrotask(tellNow)
    },
  }
}
