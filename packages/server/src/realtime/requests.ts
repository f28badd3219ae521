/** Turns a handler into a listener that validates, limits, answers with a `Result` and never throws. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatError, type ErrorCode, type Result } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { createTokenBucket, type Pace } from '../limits/token-bucket.ts'
import type { ConnectionGuard } from './connection-guard.ts'
import { badRequest, INTERNAL, toWireError } from './wire-errors.ts'

export type RequestTracker = ReturnType<typeof createRequestTracker>

export function createRequestTracker() {
  const running = new Set<Promise<void>>()
  return {
    /** Requests under way; a server that shuts down waits for them. */
    run(work: () => Promise<void>): void {
      const promise = work().finally(() => running.delete(promise))
      running.add(promise)
    },
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/**
 * Returns the milliseconds for which the request is refused, or 0. Not an error: making its stack costs too much in a
 * flood.
 */
export type Limit = () => number | Promise<number>
export type Gate = (payload: unknown) => void

export interface ListenerOptions<Schema extends z.ZodType, Value> {
  readonly event: string
  readonly schema: Schema
  readonly limits: readonly Limit[]
  /** Each throws a `ChatError` to refuse; called with the raw payload, before it is validated. */
  readonly gates?: readonly Gate[]
  /** `after` takes work to run once the answer has been sent. */
  readonly handle: (request: z.output<Schema>, after: (work: () => void) => void) => Promise<Value> | Value
  /** Decides which requests over a limit get an answer. */
  readonly guard: Pick<ConnectionGuard, 'overLimit'>
  readonly tracker: RequestTracker
  /** Called for each request that is refused, answered or not. */
  readonly refused: (code: ErrorCode) => void
  readonly logger: Logger
}

/** Accepts anything a device sends, also without payload or answer function. */
export function createListener<Schema extends z.ZodType, Value>(
  options: ListenerOptions<Schema, Value>,
): (...args: unknown[]) => void {
  const { event, schema, limits, gates = [], handle, guard, tracker, refused, logger } = options

  /** Resolves with `null` if there is to be no answer. */
  async function result(payload: unknown, after: (work: () => void) => void): Promise<Result<Value> | null> {
    try {
      for (const limit of limits) {
        const retryAfterMs = await limit()
        if (retryAfterMs > 0) {
          refused('rate-limited')
          return guard.overLimit(retryAfterMs) ? tooMany(retryAfterMs) : null
        }
      }
      for (const gate of gates) gate(payload)
      const parsed = schema.safeParse(payload)
      if (!parsed.success) throw badRequest(parsed.error.issues)
      return { ok: true, value: await handle(parsed.data, after) }
    } catch (error) {
      const wire = toWireError(error)
      if (wire === null) logger.error({ event, reason: reasonOf(error) }, 'a request failed')
      else refused(wire.code)
      return { ok: false, error: wire ?? INTERNAL }
    }
  }

  return (...args) => {
    const last = args.at(-1)
    const answer = typeof last === 'function' ? (last as (result: Result<Value>) => void) : null
    const payload = args[0] === answer ? undefined : args[0]
    tracker.run(async () => {
      const afterwards: (() => void)[] = []
      const answered = await result(payload, (work) => afterwards.push(work))
      if (answered !== null) answer?.(answered)
      for (const work of afterwards) work()
    })
  }
}

const tooMany = (retryAfterMs: number): Result<never> => ({
  ok: false,
  error: { code: 'rate-limited', message: 'Too many requests.', retryAfterMs },
})

/** Serialises an asynchronous limit: requests of one socket pass it in their order ([DL4]). */
export function inTurn(check: () => Promise<number>): Limit {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = last.then(check)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Delays requests that exceed a rate, in their order; none waits once `gone` aborts. */
export function paced({ mostWaiting, ...rate }: Pace, gone: AbortSignal): Limit {
  const bucket = createTokenBucket(rate, () => performance.now())
  let waiting = 0
  const pass = inTurn(async () => {
    for (let ms = bucket.take(); ms > 0 && !gone.aborted; ms = bucket.take())
      await sleep(ms, undefined, { ref: false, signal: gone }).catch(() => undefined)
    waiting -= 1
    return 0
  })
  return () => {
    if (waiting >= mostWaiting) return Math.ceil((waiting / rate.perSecond) * 1_000)
    waiting += 1
    return pass()
  }
}

/** The stack of an error without its message, which may quote a payload. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = error instanceof ChatError ? ` ${error.code}` : ''
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return `${error.name}${code}\n${frames.slice(0, 6).join('\n')}`
}
