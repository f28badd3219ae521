/** Counts requests that were refused, and logs each kind of refusal at a bounded rate ([OP13]). */
import type { AppId, ErrorCode } from '@chat-widget/protocol'
import type { FastifyBaseLogger } from 'fastify'
import { Counter, type Registry } from 'prom-client'

export interface Refusal {
  /** The app, where it is known: only then is it one of the configured ones. */
  readonly app?: AppId | undefined
  /** Event of a socket, `connect` for a handshake, or method and pattern of an HTTP route. */
  readonly event: string
  readonly code: ErrorCode
}

export type Refusals = ReturnType<typeof createRefusals>

/** Milliseconds between two lines of one kind. */
const EVERY_MS = 60_000
/** Events times codes, of which a few hundred happen; further kinds are counted as `other`. */
const MOST_KINDS = 1_000

export function createRefusals(logger: Pick<FastifyBaseLogger, 'info'>) {
  /** Refusals since the kind's last line. */
  const since = new Map<string, number>()
  const seen = new Set<string>()
  const counter = new Counter({
    name: 'chat_refusals_total',
    help: 'Requests that were refused',
    labelNames: ['app', 'event', 'code'],
    registers: [],
  })

  /** The first of a kind is logged at once, further ones together when the time is over. */
  function log({ app, event, code }: Refusal, kind: string): void {
    const waiting = since.get(kind)
    since.set(kind, (waiting ?? -1) + 1)
    if (waiting !== undefined) return
    const facts = { ...(app !== undefined && { app }), event, code }
    logger.info(facts, 'a request was refused')
    const tell = setInterval(() => {
      const refused = since.get(kind) ?? 0
      if (refused > 0) {
        since.set(kind, 0)
        logger.info({ ...facts, refused }, 'more requests were refused')
        return
      }
      since.delete(kind)
      clearInterval(tell)
    }, EVERY_MS)
    tell.unref()
  }

  return {
    count(refusal: Refusal): void {
      const { app = 'unknown', event, code } = refusal
      const kind = `${app} ${event} ${code}`
      if (!seen.has(kind) && seen.size >= MOST_KINDS) {
        counter.inc({ app: 'unknown', event: 'other', code })
        return
      }
      seen.add(kind)
      counter.inc({ app, event, code })
      log(refusal, kind)
    },
    register(registry: Registry): void {
      registry.registerMetric(counter)
    },
  }
}
