/** `navigator.locks` as the tabs of one browser share it: exclusive and shared, in the order of asking, free at once or stolen. */

interface Request {
  readonly mode: LockMode
  readonly begin: () => void
  /** Rejects the request of a lock that is held. */
  readonly lose: () => void
}

interface FakeLock {
  held: Request[]
  readonly queue: Request[]
}

interface Options {
  readonly mode?: LockMode
  readonly signal?: AbortSignal
  readonly ifAvailable?: boolean
  readonly steal?: boolean
}

type Work<Value> = (lock: object | null) => Value | Promise<Value>

export interface FakeLocks {
  request<Value>(name: string, options: Options, work: Work<Value>): Promise<Value>
  query(): Promise<Record<'held' | 'pending', readonly { readonly name: string }[]>>
}

/** The locks as one tab has them, until it crashes: then it lets go of all. */
export function locksOfTab(locks: FakeLocks): FakeLocks & { crash(): void } {
  let crash = () => {}
  const crashed = new Promise<never>((_, reject) => {
    crash = () => reject(new Error('crashed'))
  })
  crashed.catch(() => {})
  return {
    request: (name, options, work) =>
      locks.request(name, options, (lock) => Promise.race([Promise.resolve(work(lock)), crashed])),
    query: () => locks.query(),
    crash,
  }
}

export function createFakeLocks(): FakeLocks {
  const locks = new Map<string, FakeLock>()
  const lockOf = (name: string) => {
    const lock = locks.get(name) ?? { held: [], queue: [] }
    locks.set(name, lock)
    return lock
  }
  const grant = (lock: FakeLock) => {
    for (let next = lock.queue[0]; next !== undefined; next = lock.queue[0]) {
      const isFree = lock.held.length === 0
      const joins = next.mode === 'shared' && lock.held.every(({ mode }) => mode === 'shared')
      if (!isFree && !joins) return
      lock.queue.shift()
      lock.held.push(next)
      next.begin()
    }
  }
  return {
    async request(name, { mode = 'exclusive', signal, ifAvailable = false, steal = false }, work) {
      signal?.throwIfAborted()
      const lock = lockOf(name)
      if (ifAvailable && lock.held.length + lock.queue.length > 0) return work(null)
      let lose = () => {}
      const lost = new Promise<never>((_, reject) => {
        lose = () => reject(new DOMException('stolen', 'AbortError'))
      })
      lost.catch(() => {})
      let request: Request | undefined
      await new Promise<void>((resolve, reject) => {
        const mine = { mode, begin: resolve, lose }
        request = mine
        if (steal) {
          for (const holder of lock.held.splice(0)) holder.lose()
          lock.queue.unshift(mine)
        } else lock.queue.push(mine)
        signal?.addEventListener('abort', () => {
          const index = lock.queue.indexOf(mine)
          if (index >= 0) lock.queue.splice(index, 1)
          reject(signal.reason)
          grant(lock)
        })
        grant(lock)
      })
      try {
        return await Promise.race([work({ name }), lost])
      } finally {
        lock.held = lock.held.filter((one) => one !== request)
        grant(lock)
      }
    },
    async query() {
      const named = (count: (lock: FakeLock) => readonly unknown[]) =>
        [...locks].flatMap(([name, lock]) => count(lock).map(() => ({ name })))
      return { held: named(({ held }) => held), pending: named(({ queue }) => queue) }
    },
  }
}
