import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRefusals } from './refusals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { lines, refusals: createRefusals(logger) }
}

const flood = { event: 'message:send', code: 'rate-limited' } as const

it('[OP13] logs the first refusal of a kind at once, and further ones together once a minute', () => {
  const { lines, refusals } = start()
  for (let n = 0; n < 1_000; n += 1) refusals.count(flood)
  refusals.count({ event: 'message:send', code: 'too-large' })
  expect(lines).toMatchObject([flood, { event: 'message:send', code: 'too-large' }])
  vi.advanceTimersByTime(60_000)
  expect(lines.slice(2)).toMatchObject([{ ...flood, refused: 999 }])
  // A minute without any ends the kind: the next one is news.
  vi.advanceTimersByTime(60_000)
  expect(vi.getTimerCount()).toBe(0)
  refusals.count(flood)
  expect(lines).toHaveLength(4)
})

it('[OP12] [OP13] counts by app, event and code, and has a bound for kinds', async () => {
  const { lines, refusals } = start()
  const registry = new Registry()
  refusals.register(registry)
  refusals.count({ app: 'shop' as never, ...flood })
  refusals.count(flood)
  for (let n = 0; n < 2_000; n += 1) refusals.count({ event: `event ${n}`, code: 'bad-request' })
  const metrics = await registry.metrics()
  expect(metrics).toContain('chat_refusals_total{app="shop",event="message:send",code="rate-limited"} 1')
  expect(metrics).toContain('chat_refusals_total{app="unknown",event="message:send",code="rate-limited"} 1')
  expect(metrics).toContain('chat_refusals_total{app="unknown",event="other",code="bad-request"} 1002')
  expect(lines).toHaveLength(1_000)
})
