/** `navigator.locks` as the tabs of one browser share it: exclusive and shared, in the order of asking. */

interface Request {
  readonly mode: LockMode
  readonly begin: () => void
}

interface FakeLock {
  held: LockMode[]
  readonly queue: Request[]
}

interface Options {
  readonly mode?: LockMode
  readonly signal?: AbortSignal
}

export interface FakeLocks {
  request<Value>(name: string, options: Options, work: () => Value | Promise<Value>): Promise<Value>
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
      locks.request(name, options, () => Promise.race([Promise.resolve(work()), crashed])),
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
      const joins = next.mode === 'shared' && lock.held.every((mode) => mode === 'shared')
      if (!isFree && !joins) return
      lock.queue.shift()
      lock.held.push(next.mode)
      next.begin()
    }
  }
  return {
    async request(name, { mode = 'exclusive', signal }, work) {
      signal?.throwIfAborted()
      const lock = lockOf(name)
      await new Promise<void>((resolve, reject) => {
        const request = { mode, begin: resolve }
        lock.queue.push(request)
        signal?.addEventListener('abort', () => {
          const index = lock.queue.indexOf(request)
          if (index >= 0) lock.queue.splice(index, 1)
          reject(signal.reason)
          grant(lock)
        })
        grant(lock)
      })
      try {
        return await work()
      } finally {
        lock.held = lock.held.toSpliced(lock.held.indexOf(mode), 1)
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
