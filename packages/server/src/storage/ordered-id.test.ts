import { validate, version } from 'uuid'
import { afterEach, expect, it, vi } from 'vitest'
import { newOrderedId } from './ordered-id.ts'

afterEach(() => vi.useRealTimers())

it('ids are of version 7, and each comes after the one before, also while the clock stands or is set back', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  const make = () => Array.from({ length: 1_000 }, () => newOrderedId<string>())
  const ids = make()
  vi.setSystemTime(Date.now() - 10_000)
  ids.push(...make())
  vi.setSystemTime(Date.now() + 20_000)
  ids.push(...make())
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

it('the ends of ids differ that are made in one millisecond', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const ends = Array.from({ length: 1_000 }, () => newOrderedId<string>().slice(-12))
  expect(new Set(ends).size).toBe(ends.length)
})
