/** Requests of devices: each is limited, validated, and answered with a `Result`. */
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

export type After = (work: () => void) => void

/**
 * Returns the milliseconds for which the request is refused, or 0. Not an error: making its stack costs too much in a
 * flood.
 */
export type Limit<Device> = (device: Device) => number | Promise<number>
export type Gate<Device> = (device: Device, payload: unknown) => void

/** An event that devices may send. `Device`: what the handlers know of the socket. */
export interface RequestOptions<Device, Schema extends z.ZodType, Value> {
  readonly schema: Schema
  readonly limits: readonly Limit<Device>[]
  /** Each throws a `ChatError` to refuse; called with the raw payload, before it is validated. */
  readonly gates?: readonly Gate<Device>[]
  /** `after` takes work to run once the answer has been sent. */
  readonly handle: (device: Device, request: z.output<Schema>, after: After) => Promise<Value> | Value
}

export interface RequestsOptions<Device> {
  readonly tracker: RequestTracker
  /** Called for each request that is refused, answered or not. */
  readonly refused: (event: string, code: ErrorCode, device: Device) => void
  readonly logger: Logger
}

/** Decides which requests over a limit get an answer. */
type Guard = Pick<ConnectionGuard, 'overLimit'>
type Answer = (result: Result<unknown>) => void

interface RequestingSocket {
  readonly connected: boolean
  onAny(listener: (event: string, ...args: unknown[]) => void): unknown
}

export type Requests<Device> = ReturnType<typeof createRequests<Device>>

/**
 * Events and their handlers, to be made once for many sockets: a listener of each event on each socket was half of the
 * memory of an idle connection.
 */
export function createRequests<Device>({ tracker, refused, logger }: RequestsOptions<Device>) {
  type Listener = (device: Device, guard: Guard, args: readonly unknown[]) => void
  const listeners = new Map<string, Listener>()

  function on<Schema extends z.ZodType, Value>(
    event: string,
    { schema, limits, gates = [], handle }: RequestOptions<Device, Schema, Value>,
  ): void {
    /** Resolves with `null` if there is to be no answer. */
    async function result(
      device: Device,
      guard: Guard,
      payload: unknown,
      after: After,
    ): Promise<Result<Value> | null> {
      try {
        for (const limit of limits) {
          const limited = limit(device)
          const retryAfterMs = typeof limited === 'number' ? limited : await limited
          if (retryAfterMs > 0) {
            refused(event, 'rate-limited', device)
            return guard.overLimit(retryAfterMs) ? tooMany(retryAfterMs) : null
          }
        }
        for (const gate of gates) gate(device, payload)
        const parsed = schema.safeParse(payload)
        if (!parsed.success) throw badRequest(parsed.error.issues)
        return { ok: true, value: await handle(device, parsed.data, after) }
      } catch (error) {
        const wire = toWireError(error)
        if (wire === null) logger.error({ event, reason: reasonOf(error) }, 'a request failed')
        else refused(event, wire.code, device)
        return { ok: false, error: wire ?? INTERNAL }
      }
    }

    // Accepts anything a device sends, also without payload or answer function.
    listeners.set(event, (device, guard, args) => {
      const last = args.at(-1)
      const answer = typeof last === 'function' ? (last as Answer) : null
      const payload = args[0] === answer ? undefined : args[0]
      tracker.run(async () => {
        const afterwards: (() => void)[] = []
        const answered = await result(device, guard, payload, (work) => afterwards.push(work))
        if (answered !== null) answer?.(answered)
        for (const work of afterwards) work()
      })
    })
  }

  return {
    on,
    /** Validates, limits and answers what a socket sends. Never throws. */
    serve(socket: RequestingSocket, device: Device, guard: Guard): void {
      socket.onAny((event, ...args) => {
        if (socket.connected) listeners.get(event)?.(device, guard, args)
      })
    },
  }
}

const tooMany = (retryAfterMs: number): Result<never> => ({
  ok: false,
  error: { code: 'rate-limited', message: 'Too many requests.', retryAfterMs },
})

/** Serialises an asynchronous limit: requests of one socket pass it in their order ([DL4]). */
export function inTurn(check: () => Promise<number>): () => Promise<number> {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = last.then(check)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Delays requests that exceed a rate, in their order; none waits once `gone` aborts. */
export function paced({ mostWaiting, ...rate }: Pace, gone: AbortSignal): () => number | Promise<number> {
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
