import { expect, it } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

it('allows a burst, says how long to wait, and refills at its rate', () => {
  let time = 1_000
  const bucket = createTokenBucket({ burst: 2, perSecond: 4 }, () => time)
  expect([bucket.take(), bucket.take()]).toEqual([0, 0])
  expect(bucket.take()).toBe(250)
  time += 250
  expect(bucket.take()).toBe(0)
  time += 60_000
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 250])
})

it('may owe up to a burst', () => {
  let time = 1_000
  const bucket = createTokenBucket({ burst: 2, perSecond: 4 }, () => time)
  bucket.charge(3)
  expect([bucket.waitMs(), bucket.take()]).toEqual([500, 500])
  bucket.charge(1_000)
  expect(bucket.waitMs()).toBe(750)
  time += 750
  expect(bucket.take()).toBe(0)
})
