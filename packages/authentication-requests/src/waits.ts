/** Waits for outcomes: one loop per request, however many callers wait, in slices short enough for proxies. */
import { type AuthenticationRequestAnswer, ChatError } from '@chat-widget/protocol'
import type { AuthenticationResponse } from './authentication-client-api.ts'
import { type RetryDelay, sleep } from './full-jitter.ts'
import { isTransient } from './http-api.ts'

interface Waiter {
  onOutcome(response: AuthenticationResponse): void
  /** Called when the server refuses: waiting longer is of no use. */
  onRefused(error: ChatError): void
  /** Called after a failed try, the `failures`th in a row. The wait goes on unless the waiter leaves. */
  onFailure(error: ChatError, failures: number): void
}

export interface WaitsOptions {
  /** Asks for the state, held for up to `sliceSeconds` if the server can. */
  ask(cid: string, signal: AbortSignal): Promise<AuthenticationRequestAnswer>
  judge(answer: AuthenticationRequestAnswer): Promise<AuthenticationResponse>
  readonly retryDelay: RetryDelay
  /** Least time between two calls, for a server that does not hold them. */
  readonly leastMs: number
}

export type Waits = ReturnType<typeof createWaits>

export function createWaits(options: WaitsOptions) {
  const loops = new Map<string, { readonly waiters: Set<Waiter>; readonly controller: AbortController }>()

  const run = async (cid: string, waiters: ReadonlySet<Waiter>, signal: AbortSignal) => {
    let failures = 0
    for (;;) {
      const startedAt = performance.now()
      try {
        const response = await options.judge(await options.ask(cid, signal))
        signal.throwIfAborted()
        failures = 0
        if (response.status !== 'pending') {
          loops.delete(cid)
          for (const waiter of [...waiters]) waiter.onOutcome(response)
          return
        }
        await sleep(options.leastMs - (performance.now() - startedAt), signal)
      } catch (error) {
        if (signal.aborted) return
        if (!isTransient(error)) {
          loops.delete(cid)
          for (const waiter of [...waiters]) waiter.onRefused(asChatError(error))
          return
        }
        // A busy server is not a dead one.
        if (error.code !== 'rate-limited') failures += 1
        for (const waiter of [...waiters]) waiter.onFailure(error, failures)
        await pauseAfter(error, options.retryDelay(Math.max(1, failures)), signal).catch(() => {})
        if (signal.aborted) return
      }
    }
  }

  return {
    /** Returns a function that leaves the wait. */
    join(cid: string, waiter: Waiter): () => void {
      let loop = loops.get(cid)
      if (loop === undefined) {
        loop = { waiters: new Set(), controller: new AbortController() }
        loops.set(cid, loop)
        void run(cid, loop.waiters, loop.controller.signal)
      }
      const { waiters, controller } = loop
      waiters.add(waiter)
      return () => {
        waiters.delete(waiter)
        if (waiters.size > 0) return
        if (loops.get(cid)?.waiters === waiters) loops.delete(cid)
        controller.abort()
      }
    },
    isWaitedFor: (cid: string): boolean => loops.has(cid),
    close(): void {
      for (const { controller } of loops.values()) controller.abort()
      loops.clear()
    },
  }
}

/** Waits at least as long as the server asks for. */
export function pauseAfter(error: ChatError, ms: number, signal: AbortSignal): Promise<void> {
  return sleep((error.retryAfterMs ?? 0) + ms, signal)
}

export function asChatError(error: unknown): ChatError {
  return error instanceof ChatError ? error : new ChatError('internal', 'the wait failed', { cause: error })
}
