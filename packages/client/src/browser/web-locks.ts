/** Web Locks, where the browser has them: only pages of a secure context do. */

import { attempt } from './browser.ts'
import { startDeadline } from './deadline.ts'

export interface LockOptions {
  readonly mode?: LockMode
  /** How long the lock is waited for: another page of the origin may hold it for ever. */
  readonly withinMs: number
}

/** A lock that is free is granted in a few milliseconds. */
const FREE_MS = 2_000

const manager = (): LockManager | undefined => attempt(() => globalThis.navigator?.locks) ?? undefined

/**
 * Runs `work` while the lock is held, or without it where the browser has none, refuses, or does not grant it in time.
 * Answers nothing when the signal aborts before.
 */
export async function withLock<Value>(
  name: string,
  signal: AbortSignal,
  { mode = 'exclusive', withinMs }: LockOptions,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  const locks = manager()
  if (signal.aborted) return undefined
  if (locks === undefined) return work()
  const waiting = new AbortController()
  return new Promise((resolve, reject) => {
    let isWaiting = true
    const begin = (go: boolean): Promise<unknown> | undefined => {
      if (!isWaiting) return undefined
      isWaiting = false
      for (const stop of stopDeadlines) stop()
      signal.removeEventListener('abort', abort)
      waiting.abort()
      if (!go) {
        resolve(undefined)
        return undefined
      }
      const done = work()
      done.then(resolve, reject)
      // Its failure is the caller's to handle, not the lock's.
      return done.catch(() => {})
    }
    const abort = () => void begin(false)
    const without = () => void begin(true)
    const stopDeadlines = [
      startDeadline(withinMs, without),
      // Held by nobody, and yet not granted: these locks are not to be had.
      startDeadline(FREE_MS, () => {
        void countHolders(name, FREE_MS).then((count) => {
          if (!count) without()
        })
      }),
    ]
    signal.addEventListener('abort', abort)
    const asked = attempt(() => locks.request(name, { signal: waiting.signal, mode }, () => begin(true)))
    if (asked === undefined) without()
    else Promise.resolve(asked).catch(without)
  })
}

/** Resolves when the lock is held, or is not to be had; it is held until `signal` aborts. */
export function holdLock(name: string, signal: AbortSignal, options: LockOptions): Promise<void> {
  return new Promise((resolve) => {
    void withLock(name, signal, options, () => {
      resolve()
      return new Promise<void>((end) => {
        if (signal.aborted) end()
        else signal.addEventListener('abort', () => end())
      })
    }).then(() => resolve())
  })
}

/** Calls back when the page that holds a lock has let it go or is gone. Never without Web Locks, or after `signal` aborts. */
export function whenReleased(name: string, signal: AbortSignal, released: () => void): void {
  Promise.resolve()
    .then(() => manager()?.request(name, { signal }, released))
    .catch(() => {})
}

/** By how many pages of this origin a lock is held; nothing where the browser does not say. */
export function countHolders(name: string, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const stop = startDeadline(withinMs, () => resolve(undefined))
    Promise.resolve()
      .then(() => manager()?.query())
      .then(
        (state) => resolve(state?.held?.filter((lock) => lock.name === name).length),
        () => resolve(undefined),
      )
      .finally(stop)
  })
}
