/** For orchestrators and Prometheus: is it alive, may it get traffic, how is it doing. */
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Realtime } from '../realtime/realtime.ts'
import type { Storage } from '../storage/storage.ts'

export interface HealthOptions {
  readonly storage: Pick<Storage, 'ping'>
  readonly stats: Realtime['stats']
  /** More for `/metrics`. */
  readonly registerMetrics: (registry: Registry) => void
  readonly isDraining: () => boolean
  /** How long the database may take to answer. Milliseconds. */
  readonly pingTimeoutMs: number
}

const hidden = { schema: { hide: true } }

export function registerHealth(http: FastifyInstance, options: HealthOptions): void {
  http.get('/healthz', hidden, async () => ({ status: 'ok' }))

  http.get('/readyz', hidden, async (request, reply) => {
    if (options.isDraining()) return reply.code(503).send({ status: 'draining' })
    try {
      await withTimeout(options.storage.ping(), options.pingTimeoutMs)
      return { status: 'ready' }
    } catch (error) {
      request.log.warn({ err: error }, 'the database does not answer')
      return reply.code(503).send({ status: 'database-unavailable' })
    }
  })

  registerMetrics(http, options)
}

function registerMetrics(http: FastifyInstance, { stats, ...more }: HealthOptions): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  more.registerMetrics(registry)
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  new Gauge({
    name: 'chat_sockets',
    help: 'Connected sockets',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const { visitorSockets, agentSockets } = stats()
      this.set({ kind: 'visitor' }, visitorSockets)
      this.set({ kind: 'agent' }, agentSockets)
    },
  })
  new Gauge({
    name: 'chat_bot_deliveries_pending',
    help: 'Webhooks owed to bots',
    registers: [registry],
    collect() {
      this.set(stats().pendingBotDeliveries)
    },
  })

  http.addHook('onResponse', async (request, reply) => {
    // The pattern, not the address: addresses hold ids and are without number.
    const route = request.routeOptions.url ?? 'unmatched'
    const labels = { method: request.method, route, status: reply.statusCode }
    durations.observe(labels, reply.elapsedTime / 1000)
    request.log.debug({ ...labels, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
  http.get('/metrics', hidden, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  http.addHook('onClose', async () => registry.clear())
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
