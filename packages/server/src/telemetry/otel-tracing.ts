/**
 * Message traces by OpenTelemetry, sent by OTLP over HTTP as the standard environment variables say
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER` …).
 *
 * A trace's id is the message's client id, so that every server knows the trace of a message without being told; its
 * first span has the first half of it as an id.
 */
import { randomUUID } from 'node:crypto'
import { type Message, RELEASE } from '@chat-widget/protocol'
import { ROOT_CONTEXT, type Span, SpanKind, type SpanOptions, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import type { Logger } from 'pino'
import { type MessageTracing, preciseNow } from '../conversations/message-tracing.ts'
import { within } from '../within.ts'

const CLOSE_MS = 2_000
/** Milliseconds between two lines about a collector that takes nothing. */
const TELL_EVERY_MS = 60_000

export function createOtelTracing(logger: Pick<Logger, 'warn'>): MessageTracing {
  const ids = new MessageIds()
  const exporter = tellingOfFailures(new OTLPTraceExporter(), logger)
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': 'chat-widget-server',
          'service.version': RELEASE,
          'service.instance.id': randomUUID(),
        }),
      )
      // Last, so that the operator's names win.
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer('chat-widget', RELEASE)

  /** The message's first span, which tells if the trace is sampled; it is sent only if it is ended. */
  function first({ clientId }: Message, options: SpanOptions = {}): Span {
    const traceId = clientId.replaceAll('-', '').toLowerCase()
    ids.next = { traceId, spanId: traceId.slice(0, 16) }
    const span = tracer.startSpan('message', options, ROOT_CONTEXT)
    ids.next = null
    return span
  }

  /** Adds a span that is over already. */
  function add(name: string, parent: Span, until: number, options: SpanOptions): void {
    tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent)).end(until)
  }

  return {
    taken({ message, app, isNew, takenAt, storedAt, toldAt }) {
      const attributes = { 'chat.app': app, 'chat.kind': message.kind, 'chat.author': message.author.kind }
      const span = first(message, { kind: SpanKind.SERVER, startTime: takenAt, attributes })
      add(isNew ? 'store' : 'store again', span, storedAt, { startTime: takenAt })
      if (!isNew) return
      add('tell', span, toldAt, { kind: SpanKind.PRODUCER, startTime: storedAt })
      span.end(toldAt)
    },
    given(message, to) {
      const now = preciseNow()
      const attributes = { 'chat.to': to }
      add('give', first(message), now, { kind: SpanKind.CONSUMER, startTime: now, attributes })
    },
    async close() {
      // The log has told of spans that could not be sent.
      await within(
        provider.shutdown().catch(() => undefined),
        CLOSE_MS,
      )
    },
  }
}

/** Without the failure's message, which may hold the collector's answer. */
function tellingOfFailures(exporter: SpanExporter, logger: Pick<Logger, 'warn'>): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && performance.now() - toldAt > TELL_EVERY_MS) {
          toldAt = performance.now()
          logger.warn({ problem: result.error.name, spans: spans.length }, 'traces could not be sent')
        }
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

/** Random ids, but for the first span of a message. */
class MessageIds implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  next: { readonly traceId: string; readonly spanId: string } | null = null

  generateTraceId = (): string => this.next?.traceId ?? this.#random.generateTraceId()
  generateSpanId = (): string => this.next?.spanId ?? this.#random.generateSpanId()
}
