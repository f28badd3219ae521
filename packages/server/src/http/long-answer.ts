/** Answers that take their time, over proxies that take a silent connection for dead. */

import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

export interface LongAnswerTuning {
  /** Until then nothing is sent, so that an error can still have its status. Milliseconds. */
  readonly headersAfterMs: number
  /** Between two bytes of white space, which JSON may begin with. Milliseconds. */
  readonly beatMs: number
}

export const DEFAULT_LONG_ANSWER: LongAnswerTuning = { headersAfterMs: 10_000, beatMs: 15_000 }

/** Aborts when the caller hangs up. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (reply.raw.destroyed) controller.abort()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** An async handler that sent its answer itself resolves with the reply; Fastify's types want the answer's own type. */
type Sent = never

/** Sends what `answer` resolves with, as JSON. Past `headersAfterMs` a rejection cuts the connection: no answer is whole. */
export async function sendWhenReady(
  reply: FastifyReply,
  answer: Promise<object>,
  { headersAfterMs, beatMs }: LongAnswerTuning,
): Promise<Sent> {
  const soon = await early(answer, headersAfterMs)
  if (soon !== null) return reply.send(soon) as Sent
  const body = new PassThrough()
  // A caller that hung up.
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
