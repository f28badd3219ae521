import { afterEach, expect, it, vi } from 'vitest'
import { createRateLimit } from './rate-limits.ts'

afterEach(() => {
  vi.useRealTimers()
})

it('[DL9] allows a burst for each key, says how long to wait, and allows again after that', async () => {
  vi.useFakeTimers()
  const limit = createRateLimit({ burst: 2, perSecond: 1 })
  expect([await limit.take('a'), await limit.take('a'), await limit.take('b')]).toEqual([0, 0, 0])
  expect(await limit.waitMs('a')).toBe(1_000)
  expect(await limit.take('a')).toBe(1_000)
  vi.advanceTimersByTime(1_000)
  expect(await limit.take('a')).toBe(0)
  vi.advanceTimersByTime(1_000)
  await limit.giveBack('a')
  expect([await limit.take('a'), await limit.take('a'), await limit.take('a')]).toEqual([0, 0, 1_000])
})

it('[DL9] gives back little by little, never a whole burst at once', async () => {
  vi.useFakeTimers()
  const limit = createRateLimit({ burst: 100, perSecond: 10 })
  for (let n = 0; n < 100; n += 1) await limit.take('a')
  const allowed = []
  for (let second = 0; second < 20; second += 1) {
    vi.advanceTimersByTime(1_000)
    let count = 0
    while ((await limit.take('a')) === 0) count += 1
    allowed.push(count)
  }
  expect(allowed).toEqual(Array.from({ length: 20 }, () => 10))
})

it('[DL9] lets a key owe, and forgets none that does', async () => {
  vi.useFakeTimers()
  const limit = createRateLimit({ burst: 10, perSecond: 1 })
  await limit.charge('a', 15)
  expect(await limit.waitMs('a')).toBe(6_000)
  await limit.charge('a', 1_000)
  expect(await limit.take('a')).toBe(11_000)
  vi.advanceTimersByTime(10_000)
  for (let n = 0; n < 5; n += 1) await limit.take('b')
  expect(await limit.take('a')).toBe(1_000)
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
  await limit.charge('bad', 2)
  const wait = await limit.waitMs('bad')
  expect(wait).toBeGreaterThan(0)
  for (let n = 0; n < 2_000; n += 1) await limit.take(`new ${n}`)
  expect(await limit.take('bad')).toBeGreaterThan(0)
  expect(await limit.take('good')).toBe(0)
})
