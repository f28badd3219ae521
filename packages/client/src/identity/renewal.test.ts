import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRenewal } from './renewal.ts'

const DAY = 24 * 60 * 60_000

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('[ID4] renewal ahead of the end', () => {
  it.each([
    ['6 s', 6_000, 1_000],
    ['10 s', 10_000, 5_000],
    ['25 s', 25_000, 20_000],
    ['60 s', 60_000, 48_000],
    ['30 days', 30 * DAY, 24 * DAY],
    ['a year, longer than a timer can wait', 365 * DAY, 292 * DAY],
  ])('of a lifetime of %s is due once, not early and not late', async (_what, lifetime, due) => {
    const renew = vi.fn()
    const renewal = createRenewal(Date.now, renew)
    renewal.schedule(Date.now() + lifetime, Date.now())
    await vi.advanceTimersByTimeAsync(due - 1)
    expect(renew).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(renew).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(2 * lifetime)
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('waits for a year without waking up all the time, as a timer too long would', async () => {
    const set = vi.spyOn(globalThis, 'setTimeout')
    const renewal = createRenewal(Date.now, () => {})
    renewal.schedule(Date.now() + 365 * DAY, Date.now())
    await vi.advanceTimersByTimeAsync(20 * DAY)
    expect(set).toHaveBeenCalledTimes(1)
    renewal.cancel()
  })

  it('of a lifetime of 5 s, or one that is over, leaves it to the server to say so', async () => {
    const renew = vi.fn()
    const renewal = createRenewal(Date.now, renew)
    for (const lifetime of [5_000, 1, 0, -DAY]) renewal.schedule(Date.now() + lifetime, Date.now())
    renewal.check()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(renew).not.toHaveBeenCalled()
  })
})
