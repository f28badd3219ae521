/** Slow answers, over proxies that close silent connections. */

import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

export interface LongAnswerTuning {
  /** Time before which nothing is sent, so that an error can still have its status. Milliseconds. */
  readonly headersAfterMs: number
  /** Interval between bytes of white space, with which JSON may begin. Milliseconds. */
  readonly beatMs: number
}

export const DEFAULT_LONG_ANSWER: LongAnswerTuning = { headersAfterMs: 10_000, beatMs: 15_000 }

/** A signal that aborts when the caller hangs up. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (reply.raw.destroyed) controller.abort()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** An async handler that sent its answer itself returns the reply; Fastify's types want the answer's own type. */
type Sent = never

/**
 * Sends the JSON of the value that `answer` resolves with. After `headersAfterMs` a rejection cuts the connection: no
 * answer looks complete.
 */
export async function sendWhenReady(
  reply: FastifyReply,
  answer: Promise<object>,
  { headersAfterMs, beatMs }: LongAnswerTuning,
): Promise<Sent> {
  const soon = await early(answer, headersAfterMs)
  if (soon !== null) return reply.send(soon) as Sent
  const body = new PassThrough()
  // The caller hung up.
  body.on('error', () => undefined)
  const beat = () => {
    if (!body.destroyed) body.write(' ')
  }
  beat()
  const beats = setInterval(beat, beatMs)
  answer
    .then(
      (value) => body.end(JSON.stringify(value)),
      (error: Error) => body.destroy(error),
    )
    .finally(() => clearInterval(beats))
  return reply.type('application/json; charset=utf-8').send(body) as Sent
}

async function early(answer: Promise<object>, ms: number): Promise<object | null> {
  const stop = new AbortController()
  try {
    return await Promise.race([answer, delay(ms, null, { signal: stop.signal })])
  } finally {
    stop.abort()
  }
}
