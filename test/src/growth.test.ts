/** The model of docs/growth.md, and its figures. */
import { describe, expect, it } from 'vitest'
import { costOf, growthPageProblems, readFigures, type Visitors } from '../../scripts/growth.mjs'

const FIGURES = {
  messagesPerCoreSecond: 1_000,
  bytesPerConnection: 50_000,
  bytesPerMessage: 500,
  bytesPerServer: 100_000_000,
  connectionsPerServer: 10_000,
}
const VISITORS: Visitors = { aDay: 1_000_000, share: 0.1, messages: 10, minutes: 6, peak: 0.36, load: 0.5 }

describe('cost of visitors', () => {
  it('is counted from the busiest hour', () => {
    // 36,000 chats in that hour: 10 messages each, a tenth of an hour each.
    expect(costOf(FIGURES, VISITORS)).toEqual({
      perSecond: 100,
      connections: 3_600,
      cores: 0.2,
      servers: 2,
      memory: 2 * 100_000_000 + 3_600 * 50_000,
      diskAYear: 100_000 * 10 * 365 * 500,
    })
  })

  it('of servers grows by what is short first: cores or connections', () => {
    expect(costOf(FIGURES, { ...VISITORS, minutes: 60 }).servers).toBe(5)
    expect(costOf(FIGURES, { ...VISITORS, messages: 200 }).servers).toBe(5)
  })

  it('stands on the page as of today’s figures', () => {
    expect(Object.values(readFigures()).every((value) => value > 0)).toBe(true)
    expect(growthPageProblems()).toEqual([])
  })
})
