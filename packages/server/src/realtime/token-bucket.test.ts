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
