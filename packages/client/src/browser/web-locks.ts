/** Web Locks, where the browser has them: only pages of a secure context do. */
import { startDeadline } from './deadline.ts'

export interface LockOptions {
  /** How long the lock is waited for: another page of the origin may hold it for ever. */
  readonly withinMs: number
}

/** A lock that is free is granted in a few milliseconds. */
const FREE_MS = 2_000
/** Longest wait for a browser whose locks never answer. Milliseconds. */
const ANSWER_MS = 1_000

/** Rejects where there are no locks, or they throw. */
const askLocks = async <Value>(ask: (locks: LockManager) => Promise<Value>): Promise<Value> =>
  ask(navigator.locks)

/**
 * Takes a lock and answers its release: at once if it is free, from whoever holds it (`steal`), or when it comes to be
 * free (`signal` ends the wait). `null`: another page holds it; `undefined`: these locks are not to be had, or the wait
 * is over. `lost` is called when another page has stolen it.
 */
export function takeLock(
  name: string,
  how: { readonly ifAvailable: true } | { readonly steal: true } | { readonly signal: AbortSignal },
  lost = () => {},
): Promise<(() => void) | null | undefined> {
  return new Promise((resolve) => {
    let isHeld = false
    let isOver = false
    const end = (answer?: null) => {
      stop()
      isOver = true
      resolve(answer)
    }
    const stop = 'signal' in how ? () => {} : startDeadline(ANSWER_MS, end)
    // Locks that never answer are told in vain.
    if ('signal' in how) how.signal.addEventListener('abort', () => end())
    askLocks((locks) =>
      locks.request(name, how, (lock) => {
        if (lock === null || isOver) return end(null)
        stop()
        isHeld = true
        // Held until this promise resolves: its resolver is the release.
        return new Promise<void>(resolve)
      }),
    )
      .catch(() => isHeld && lost())
      .finally(end)
  })
}

/** Resolves when the lock is held, is not to be had, or `signal` aborts, until which it is held. */
export async function holdLock(name: string, signal: AbortSignal, { withinMs }: LockOptions): Promise<void> {
  if (signal.aborted) return
  const waiting = new AbortController()
  const stop = () => waiting.abort()
  const stopFree = startDeadline(FREE_MS, async () => {
    // Held by nobody, and yet not granted: these locks are not to be had.
    if (!(await countHolders(name, FREE_MS))) stop()
  })
  const stopWithin = startDeadline(withinMs, stop)
  signal.addEventListener('abort', stop)
  const release = await takeLock(name, waiting)
  stopFree()
  stopWithin()
  if (signal.aborted) release?.()
  else if (release) signal.addEventListener('abort', release)
}

/** By how many pages of this origin locks are held whose names begin so; nothing where the browser does not say. */
export function countHolders(name: string, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const stop = startDeadline(withinMs, () => resolve(undefined))
    askLocks((locks) => locks.query())
      .then(
        ({ held }) => resolve(held?.filter((lock) => lock.name?.startsWith(name)).length),
        () => resolve(undefined),
      )
      .finally(stop)
  })
}
