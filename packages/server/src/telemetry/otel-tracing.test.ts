/** Two servers on one database and one Redis, and a collector that is told of their spans. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConversationId, Message } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startRedisServer } from '../../../../scripts/redis-server.mjs'
import { createRedisBroker } from '../realtime/broker/redis-broker.ts'
import { startRealtime } from '../realtime/realtime.testing.ts'
import { openStorage } from '../storage/open-storage.ts'
import { createOtelTracing } from './otel-tracing.ts'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly node: string
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string }
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'node'>[] }[]
  }[]
}

/** Takes OTLP over HTTP, as JSON. */
async function startCollector() {
  const texts: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    texts.push(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const spans = (): readonly Span[] =>
    texts
      .flatMap((text) => (JSON.parse(text) as Export).resourceSpans)
      .flatMap(({ resource, scopeSpans }) => {
        const id = resource.attributes.find(({ key }) => key === 'service.instance.id')
        return scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({ ...span, node: id?.value.stringValue ?? '' })),
        )
      })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, texts, spans }
}

/** A visitor on one server, and an agent on the other who watches. */
async function startNodes() {
  const redis = await startRedisServer()
  onTestFinished(() => redis.stop())
  const logger = pino({ level: 'silent' })
  const channelPrefix = crypto.randomUUID()
  const broker = () => createRedisBroker({ redisUrl: redis.url, channelPrefix, logger, answerMs: 60_000 })
  const tracings = [createOtelTracing(logger), createOtelTracing(logger)] as const
  const one = await startRealtime({ broker: await broker(), ownFile: true, tracing: tracings[0] })
  onTestFinished(() => one.stop())
  const { folder, company } = one
  const other = await startRealtime({
    ...{ broker: await broker(), again: { folder, company }, tracing: tracings[1] },
    openStorage: () => openStorage({ dataDir: folder, exclusive: false }),
  })
  onTestFinished(() => other.halt())
  const { device: visitor, ready } = await one.visitor()
  const conversationId = ready.conversation?.id as ConversationId
  await visitor.send(conversationId, 'first')
  const { device: agent } = await other.agent()
  await agent.ask('conversation:watch', { conversationId })
  const close = () => Promise.all(tracings.map((tracing) => tracing.close()))
  return { visitor, agent, conversationId, close }
}

it('[OP11] a message is one trace: stored and told by a server, given to devices by any', async () => {
  const collector = await startCollector()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
  vi.stubEnv('OTEL_SERVICE_NAME', 'shop chat')
  const { visitor, agent, conversationId, close } = await startNodes()
  const { clientId } = await visitor.send(conversationId, 'said by somebody')
  await agent.message(({ seq }) => seq === 2)
  await close()

  const traceId = clientId.replaceAll('-', '')
  const spans = collector.spans().filter((span) => span.traceId === traceId)
  const [first] = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
  expect(first).toMatchObject({ name: 'message', spanId: traceId.slice(0, 16) })
  expect(spans.map(({ name }) => name).toSorted()).toEqual(['give', 'give', 'message', 'store', 'tell'])
  for (const span of spans) {
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano))
    if (span !== first) expect(span.parentSpanId).toBe(first?.spanId)
  }
  // The visitor's own device, and the agent's window on the other server.
  const nodes = new Set(spans.filter(({ name }) => name === 'give').map(({ node }) => node))
  expect(nodes.size).toBe(2)
  const told = collector.texts.join()
  expect(told).toContain('shop chat')
  for (const secret of ['said by somebody', 'ada', '127.0.0.1']) expect(told).not.toContain(`"${secret}`)
})

it('[OP11] a share of the messages may be traced: whole traces on every server, or nothing', async () => {
  const collector = await startCollector()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_traceidratio')
  vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '0.5')
  const { visitor, agent, conversationId, close } = await startNodes()
  for (let n = 0; n < 30; n += 1) await visitor.send(conversationId, 'again')
  await agent.message(({ seq }) => seq === 31)
  await close()
  const traces = new Map<string, string[]>()
  for (const { traceId, name } of collector.spans())
    traces.set(traceId, [...(traces.get(traceId) ?? []), name].toSorted())
  expect(traces.size).toBeGreaterThan(0)
  expect(traces.size).toBeLessThan(31)
  const whole = ['give', 'give', 'message', 'store', 'tell']
  // Nobody watched the first message.
  for (const names of traces.values()) expect([whole, whole.slice(1)]).toContainEqual(names)
})

it('[OP11] a collector that takes nothing is told of in the log, once a minute', async () => {
  const server = createServer((_request, response) => response.writeHead(400).end('said by the collector'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '1')
  const lines: string[] = []
  const tracing = createOtelTracing(pino({ base: null }, { write: (line: string) => void lines.push(line) }))
  const message = { clientId: crypto.randomUUID() } as Message
  for (let n = 0; n < 3; n += 1) tracing.given(message, 'visitor')
  await tracing.close()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: 'traces could not be sent' },
  ])
  expect(lines.join()).not.toContain('said by the collector')
})
