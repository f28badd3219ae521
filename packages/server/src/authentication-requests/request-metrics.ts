/**
 * Metrics of authentication requests for Prometheus, at `/metrics`. Labels are app ids of the configuration and fixed
 * words only.
 */
import type { AppId } from '@chat-widget/protocol'
import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client'
import type { Storage } from '../storage/storage.ts'
import type { AuthenticationRequests } from './authentication-requests.ts'
import type { CountedRequest, RequestObserver } from './request-observer.ts'

export interface RequestMetrics {
  readonly observer: RequestObserver
  /** Reads `service` and `storage` when it is asked. */
  register(
    registry: Registry,
    service: Pick<AuthenticationRequests, 'waiting'>,
    storage: Pick<Storage, 'authenticationUpkeep'>,
  ): void
}

const DECISION_SECONDS = [2, 5, 10, 20, 30, 60, 120, 300, 600, 900]

/** Requests of apps outside this list, as after a change of configuration, are not counted. */
export function createRequestMetrics(
  known: Pick<ReadonlyMap<AppId, unknown>, 'has' | 'keys'>,
): RequestMetrics {
  const requests = new Counter({
    name: 'chat_authentication_requests_total',
    help: 'Authentication requests that were created, and that ended as each status',
    labelNames: ['app', 'method', 'outcome'],
    registers: [],
  })
  const deliveries = new Counter({
    name: 'chat_authentication_deliveries_total',
    help: 'Tries to bring authentication requests to people',
    labelNames: ['result'],
    registers: [],
  })
  const limited = new Counter({
    name: 'chat_authentication_rate_limited_total',
    help: 'Authentication requests and waits that were refused, by the limit',
    labelNames: ['limit'],
    registers: [],
  })
  const decisions = new Histogram({
    name: 'chat_authentication_decision_seconds',
    help: 'Time from an authentication request to its decision',
    labelNames: ['app', 'method', 'outcome'],
    buckets: DECISION_SECONDS,
    registers: [],
  })
  // Created at the start, so that the first of each is seen as a rise.
  for (const result of ['delivered', 'retried', 'failed'] as const) deliveries.inc({ result }, 0)
  for (const limit of ['addressee', 'session', 'ip', 'app', 'waits'] as const) limited.inc({ limit }, 0)

  const labelsOf = ({ app, addressee }: CountedRequest, outcome: string) => ({
    app,
    method: addressee.kind,
    outcome,
  })
  return {
    observer: {
      created(request) {
        if (known.has(request.app)) requests.inc(labelsOf(request, 'created'))
      },
      ended(request, status, tookMs) {
        if (!known.has(request.app)) return
        const labels = labelsOf(request, status)
        requests.inc(labels)
        if (tookMs !== null) decisions.observe(labels, tookMs / 1_000)
      },
      delivery: (result) => deliveries.inc({ result }),
      limited: (limit) => limited.inc({ limit }),
    },
    register(registry, service, storage) {
      const metrics: readonly Metric[] = [requests, deliveries, limited, decisions]
      for (const metric of metrics) registry.registerMetric(metric)
      new Gauge({
        name: 'chat_authentication_waiting',
        help: 'Callers that wait for a decision or for outcomes',
        registers: [registry],
        collect() {
          this.set(service.waiting)
        },
      })
      new Gauge({
        name: 'chat_authentication_requests_pending',
        help: 'Authentication requests in the database that are pending',
        labelNames: ['app'],
        registers: [registry],
        async collect() {
          this.reset()
          try {
            const pending = await storage.authenticationUpkeep.countPending()
            for (const app of known.keys()) this.set({ app }, pending.get(app) ?? 0)
          } catch {
            // Without the database the other metrics are still served; /readyz says why these are missing.
          }
        },
      })
    },
  }
}
