/** Callers that wait for a state of the database; a notice only makes them read again. */

interface Waiter {
  /** True if there was a notice since the last read. */
  isNoticed: boolean
  isOver: boolean
  wake: () => void
}

export type RequestWaits = ReturnType<typeof createRequestWaits>

/** `lookAgainMs`: time after which a waiting caller's state is read without a notice, which another node may have lost. */
export function createRequestWaits(lookAgainMs?: number) {
  const waiters = new Map<string, Set<Waiter>>()
  let count = 0
  let isClosed = false
  let emptied: () => void = () => undefined

  function enter(key: string, waiter: Waiter): void {
    const others = waiters.get(key)
    if (others === undefined) waiters.set(key, new Set([waiter]))
    else others.add(waiter)
    count += 1
  }

  function leave(key: string, waiter: Waiter): void {
    const others = waiters.get(key)
    others?.delete(waiter)
    if (others?.size === 0) waiters.delete(key)
    count -= 1
    if (count === 0) emptied()
  }

  return {
    /**
     * Resolves with the result of `read`; with `null` after `ms`, when the signal aborts or after `close()`, each after
     * a last read. Reads at once, and whenever its key is noticed.
     */
    async until<Value>(
      key: string,
      read: () => Promise<Value | null>,
      ms: number,
      signal: AbortSignal,
    ): Promise<Value | null> {
      const waiter: Waiter = {
        isNoticed: false,
        isOver: isClosed || signal.aborted || ms <= 0,
        wake: () => undefined,
      }
      const end = () => {
        waiter.isOver = true
        waiter.wake()
      }
      // Before the first read: a change after the read is noticed.
      enter(key, waiter)
      const timer = setTimeout(end, ms)
      signal.addEventListener('abort', end)
      try {
        for (;;) {
          const isLast = waiter.isOver
          waiter.isNoticed = false
          const value = await read()
          if (value !== null || isLast) return value
          if (waiter.isNoticed || waiter.isOver) continue
          await new Promise<void>((resolve) => {
            const look = lookAgainMs === undefined ? undefined : setTimeout(resolve, lookAgainMs)
            waiter.wake = () => {
              clearTimeout(look)
              resolve()
            }
          })
        }
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        leave(key, waiter)
      }
    },
    notice(key: string): void {
      for (const waiter of waiters.get(key) ?? []) {
        waiter.isNoticed = true
        waiter.wake()
      }
    },
    get count(): number {
      return count
    },
    /** Ends every wait, and any later one. Resolves when the current ones have read a last time. */
    async close() {
      isClosed = true
      const empty = new Promise<void>((resolve) => {
        emptied = resolve
      })
      for (const waiter of [...waiters.values()].flatMap((set) => [...set])) {
        waiter.isOver = true
        waiter.wake()
      }
      if (count > 0) await empty
    },
  }
}
