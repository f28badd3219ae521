/** Facts about a running server for its operators: metrics of each app, refusals, and traces of messages. */
import type { Logger } from 'pino'
import type { MessageTracing } from '../conversations/message-tracing.ts'
import { type AppMetrics, createAppMetrics } from './app-metrics.ts'
import { createRefusals, type Refusals } from './refusals.ts'

export interface Telemetry {
  readonly apps: AppMetrics
  readonly refusals: Refusals
  /** `null` where nothing is traced. */
  readonly tracing: MessageTracing | null
}

export const createTelemetry = (logger: Logger, tracing: MessageTracing | null = null): Telemetry => ({
  apps: createAppMetrics(),
  refusals: createRefusals(logger),
  tracing,
})
