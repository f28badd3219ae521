import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createOutgoingTyping } from './outgoing-typing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function typist() {
  const told: boolean[] = []
  return { told, typing: createOutgoingTyping((typing) => told.push(typing)) }
}

it('is told when it begins, and again after a while as long as keys come', () => {
  const { told, typing } = typist()
  for (let key = 0; key < 8; key += 1) {
    typing.set(true)
    vi.advanceTimersByTime(1_000)
  }
  expect(told).toEqual([true, true, true])
})

it('is over once no key has come for a while, or the text is gone', () => {
  const { told, typing } = typist()
  typing.set(true)
  vi.advanceTimersByTime(5_000)
  expect(told).toEqual([true, false])
  typing.set(true)
  typing.set(false)
  typing.set(false)
  expect(told).toEqual([true, false, true, false])
})

it('ends without a word where nobody is to hear of it', () => {
  const { told, typing } = typist()
  typing.set(true)
  typing.reset()
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual([true])
})
