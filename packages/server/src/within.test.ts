import { expect, it, vi } from 'vitest'
import { within } from './within.ts'

it('ends with the work, or when its time is over', async () => {
  await within(Promise.resolve(), 60_000)
  await expect(within(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
  vi.useFakeTimers()
  try {
    const waiting = within(new Promise(() => undefined), 60_000)
    await vi.advanceTimersByTimeAsync(60_000)
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
