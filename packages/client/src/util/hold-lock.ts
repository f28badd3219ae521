/** Web Locks, where the browser has them: only pages of a secure context do. */

/** Resolves when the lock is held, until `signal` aborts; or at once, without it, where the browser refuses. */
export function holdLock(name: string, signal: AbortSignal, mode: LockMode = 'exclusive'): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (locks === undefined || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const held = () => {
      resolve()
      return new Promise<void>((end) => {
        if (signal.aborted) end()
        else signal.addEventListener('abort', () => end())
      })
    }
    locks.request(name, { signal, mode }, held).catch(() => resolve())
  })
}
