/** Delays between retries, and other delays that can be aborted. */
import { onAbort } from './abort-signals.ts'

/** Milliseconds before the next try; `failures` in a row counts from 1. */
export type RetryDelay = (failures: number) => number

/** A random delay below a bound that doubles, so that many clients do not retry at the same moment. */
export const fullJitter: RetryDelay = (failures) =>
  Math.random() * Math.min(20_000, 500 * 2 ** (failures - 1))

/** Resolves after `ms`; rejects with the signal's reason. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = deferred<void>()
  // Node 24 warns of a negative time.
  const timer = setTimeout(resolve, Math.max(0, ms))
  const forget = onAbort(signal, () => reject(signal.reason))
  try {
    await promise
  } finally {
    clearTimeout(timer)
    forget()
  }
}

export interface Deferred<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(reason: unknown): void
}

export function deferred<Value>(): Deferred<Value> {
  let resolve: Deferred<Value>['resolve'] = () => {}
  let reject: Deferred<Value>['reject'] = () => {}
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
