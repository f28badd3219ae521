/** One snapshot of many parts: composed when asked for, told once for all that changes in one go. */

export interface StateFeed<State> {
  /** The same object until something changes. */
  readonly state: State
  changed(): void
}

export function createStateFeed<State>(compose: () => State, tell: (state: State) => void): StateFeed<State> {
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
      queueMicrotask(() => {
        isDue = false
        tell(read())
      })
    },
  }
}
