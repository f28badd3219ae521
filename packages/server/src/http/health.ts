/** Routes for orchestrators and Prometheus: liveness, readiness, metrics. */
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Realtime } from '../realtime/realtime.ts'
import { DatabaseSilentError, knownProblem } from '../storage/database-problem.ts'
import type { Storage } from '../storage/storage.ts'
import { within } from '../within.ts'

export interface HealthOptions {
  readonly storage: Pick<Storage, 'ping' | 'botDeliveries' | 'jobs'>
  readonly stats: Realtime['stats']
  /** Adds further metrics to `/metrics`. */
  readonly registerMetrics: (registry: Registry) => void
  readonly isDraining: () => boolean
  /** Time within which the database has to answer. Milliseconds. */
  readonly pingTimeoutMs: number
  /** Time for which its answer is kept, so that frequent requests cost no further write. Milliseconds. */
  readonly pingEveryMs: number
}

const UNHEARD = 'other servers on this database are not heard: give all the same --redis-url, or none'
const hidden = { schema: { hide: true } }

export function registerHealth(http: FastifyInstance, options: HealthOptions): void {
  http.get('/healthz', hidden, async () => ({ status: 'ok' }))

  const check = createDatabaseCheck(options)
  http.get('/readyz', hidden, async (request, reply) => {
    if (options.isDraining()) return reply.code(503).send({ status: 'draining' })
    try {
      await check()
      const { unheardNodes } = options.stats()
      // Still ready: everything is stored, and devices are told at the next head.
      return unheardNodes === 0
        ? { status: 'ready' }
        : { status: 'ready', warning: UNHEARD, servers: unheardNodes }
    } catch (error) {
      request.log.warn({ err: error }, 'the database cannot be used')
      const reason = knownProblem(error) ?? 'see the log'
      return reply.code(503).send({ status: 'database-unavailable', reason })
    }
  })

  registerMetrics(http, options)
}

function registerMetrics(http: FastifyInstance, { stats, storage, ...more }: HealthOptions): void {
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
    name: 'chat_clients',
    help: 'Connected sockets by the release of the client',
    labelNames: ['release'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [release, count] of stats().clients) this.set({ release }, count)
    },
  })
  new Gauge({
    name: 'chat_broker_connected',
    help: '1 while events reach other servers; missing for a server alone',
    registers: [registry],
    collect() {
      this.reset()
      const { isBrokerConnected } = stats()
      if (isBrokerConnected === null) this.remove()
      else this.set(isBrokerConnected ? 1 : 0)
    },
  })
  new Gauge({
    name: 'chat_unheard_servers',
    help: 'Other servers on the same database that this one does not hear',
    registers: [registry],
    collect() {
      this.set(stats().unheardNodes)
    },
  })
  new Gauge({
    name: 'chat_jobs',
    help: 'Durable work: jobs to be done, and those that were given up',
    labelNames: ['kind', 'state'],
    registers: [registry],
    async collect() {
      // If the database does not answer, the last numbers stay and the other metrics are still served.
      const counts = await storage.jobs.count().catch(() => null)
      if (counts === null) return
      this.reset()
      for (const { kind, pending, failed } of counts) {
        this.set({ kind, state: 'pending' }, pending)
        this.set({ kind, state: 'failed' }, failed)
      }
    },
  })
  new Gauge({
    name: 'chat_bot_deliveries_pending',
    help: 'Webhooks owed to bots',
    registers: [registry],
    async collect() {
      const owed = await storage.botDeliveries.count().catch(() => null)
      if (owed !== null) this.set(owed)
    },
  })

  http.addHook('onResponse', async (request, reply) => {
    // The pattern, not the URL: URLs contain ids, so their number has no bound.
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

/** Checks the database by one small write at a time, as anyone may ask as often as they like. */
function createDatabaseCheck({ storage, pingTimeoutMs, pingEveryMs }: HealthOptions): () => Promise<void> {
  let pending: Promise<void> | null = null
  let last: { readonly outcome: Promise<void>; readonly until: number } | null = null
  return () => {
    if (last !== null && performance.now() < last.until) return last.outcome
    // A silent database is not asked again before it has answered.
    pending ??= storage.ping().finally(() => {
      pending = null
    })
    const outcome = within(pending, pingTimeoutMs, () => new DatabaseSilentError(pingTimeoutMs))
    const begun = { outcome, until: Number.POSITIVE_INFINITY }
    const settle = () => {
      if (last === begun) last = { outcome, until: performance.now() + pingEveryMs }
    }
    outcome.then(settle, settle)
    last = begun
    return outcome
  }
}
