import { expect, it, vi } from 'vitest'
import { createRateLimit } from './rate-limits.ts'

it('[DL9] allows a burst for each key, says how long to wait, and allows again after that', async () => {
  vi.useFakeTimers()
  try {
    const limit = createRateLimit({ burst: 2, perSecond: 1 })
    expect([await limit.take('a'), await limit.take('a'), await limit.take('b')]).toEqual([0, 0, 0])
    expect(await limit.waitMs('a')).toBe(2_000)
    expect(await limit.take('a')).toBe(2_000)
    vi.advanceTimersByTime(2_000)
    expect(await limit.take('a')).toBe(0)
    await limit.giveBack('a')
    expect([await limit.take('a'), await limit.take('a')]).toEqual([0, 0])
  } finally {
    vi.useRealTimers()
  }
})

it('[DL9] holds a bounded number of keys: beyond it, new ones share theirs', async () => {
  const limit = createRateLimit({ burst: 1, perSecond: 0.01 }, 10)
  for (let n = 0; n < 10; n += 1) expect(await limit.take(`known ${n}`)).toBe(0)
  let refused = 0
  for (let n = 0; n < 2_000; n += 1) if ((await limit.take(`new ${n}`)) > 0) refused += 1
  expect(refused).toBeGreaterThanOrEqual(2_000 - 256)
})

it('[DL9] leaves each key that it holds its own count, however many others come', async () => {
  const limit = createRateLimit({ burst: 2, perSecond: 0.01 }, 4)
  await limit.take('good')
  await limit.take('bad', 2)
  const wait = await limit.waitMs('bad')
  expect(wait).toBeGreaterThan(0)
  for (let n = 0; n < 2_000; n += 1) await limit.take(`new ${n}`)
  expect(await limit.take('bad')).toBeGreaterThan(0)
  expect(await limit.take('good')).toBe(0)
})
