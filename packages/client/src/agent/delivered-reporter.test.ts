import { type ConsoleDeliveredRequest, type ConversationSummary, LIMITS } from '@chat-widget/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDeliveredReporter } from './delivered-reporter.ts'

const told: ConsoleDeliveredRequest['positions'][number][][] = []
const reporter = createDeliveredReporter(({ positions }) => told.push(positions))
const summary = (id: string, headSeq: number, positions: Partial<ConversationSummary> = {}) =>
  ({ id, headSeq, agentReadSeq: 0, agentDeliveredSeq: 0, ...positions }) as ConversationSummary

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  reporter.clear()
  vi.useRealTimers()
  told.length = 0
})

it('[DL16] tells at once, and once, of what the lists of a console hold', async () => {
  for (const seq of [1, 2]) reporter.take(summary('a', seq))
  reporter.take(summary('b', 5, { agentReadSeq: 4 }))
  reporter.take(summary('read', 5, { agentReadSeq: 5 }))
  reporter.take(summary('delivered', 5, { agentReadSeq: 1, agentDeliveredSeq: 5 }))
  reporter.take(summary('soon read', 5))
  reporter.take(summary('soon read', 5, { agentReadSeq: 5 }))
  await vi.runAllTimersAsync()
  expect(told).toEqual([
    [
      { conversationId: 'a', seq: 2 },
      { conversationId: 'b', seq: 5 },
    ],
  ])
})

it('[DL16] tells of many conversations little by little, and of none after the sign-out', async () => {
  for (let index = 0; index <= LIMITS.deliveredAtOnce; index += 1) reporter.take(summary(`${index}`, 1))
  await vi.runAllTimersAsync()
  expect(told.map(({ length }) => length)).toEqual([LIMITS.deliveredAtOnce, 1])
  reporter.take(summary('late', 1))
  reporter.clear()
  await vi.runAllTimersAsync()
  expect(told).toHaveLength(2)
})
