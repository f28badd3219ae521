import { expect, it } from 'vitest'
import { createKeyedBuckets } from './keyed-buckets.ts'

it('[DL9] forgets the key that was used longest ago, and no other', () => {
  const buckets = createKeyedBuckets(() => 0, 2)
  const take = (key: string) => buckets.take(key, { burst: 1, perHour: 1 })
  expect([take('a'), take('b')]).toEqual([0, 0])
  expect(take('a')).toBeGreaterThan(0)
  expect(take('c')).toBe(0)
  expect(take('a')).toBeGreaterThan(0)
  expect(take('b')).toBe(0)
})
