import { describe, expect, it } from 'vitest'
import { seededRandom, unevenness } from '../util/seeded-random.testing.ts'
import { createFullJitterPolicy } from './reconnect-policy.ts'

describe('[ID6] [DL17] full jitter', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [5, 8_000],
    [6, 8_000],
    [1_000, 8_000],
  ])('spreads the waits before try %i evenly between 0 and %i ms', (attempt, bound) => {
    const policy = createFullJitterPolicy({ random: seededRandom(attempt) })
    const waits = Array.from({ length: 5_000 }, () => policy.nextDelayMs(attempt))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(bound)
    expect(unevenness(waits, bound)).toBeLessThan(1.63)
  })

  it('is told from equal jitter, from a fixed wait with a little noise, and from waits that are too long', () => {
    const random = seededRandom(7)
    const others = [() => 250 + 250 * random(), () => 450 + 100 * random(), () => 600 * random()]
    for (const other of others) {
      expect(unevenness(Array.from({ length: 5_000 }, other), 500)).toBeGreaterThan(5)
    }
  })
})
