import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onDemand } from './on-demand.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A part whose file loads, or fails to, when the test says so. */
function createPart() {
  const load = vi.fn<() => Promise<string>>()
  let answer = { resolve: (_part: string) => {}, reject: (_error: Error) => {} }
  load.mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject }
      }),
  )
  return {
    load,
    arrives: () => answer.resolve('part'),
    isLost: () => answer.reject(new Error('offline')),
    part: onDemand(load),
  }
}

describe('a part loaded on demand', () => {
  it('is loaded once, and whoever asked is told', async () => {
    const { part, load, arrives } = createPart()
    const [one, other, failed] = [vi.fn(), vi.fn(), vi.fn()]
    expect(part(one, failed)).toBeUndefined()
    expect(part(other, failed)).toBeUndefined()
    arrives()
    await vi.advanceTimersByTimeAsync(0)
    expect([one, other, failed, load].map((call) => call.mock.calls.length)).toEqual([1, 1, 0, 1])
    expect(part(one, failed)).toBe('part')
  })

  it('that cannot be loaded is told once, and tried again after a while by who needs it', async () => {
    const { part, load, isLost, arrives } = createPart()
    const [loaded, failed] = [vi.fn(), vi.fn()]
    part(loaded, failed)
    part(loaded, failed)
    isLost()
    await vi.advanceTimersByTimeAsync(0)
    expect(part(loaded, failed)).toBeUndefined()
    expect(failed).toHaveBeenCalledTimes(1)
    expect(load).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(10_000)
    part(loaded, failed)
    arrives()
    await vi.advanceTimersByTimeAsync(0)
    expect(part(loaded, failed)).toBe('part')
    expect(loaded).toHaveBeenCalledTimes(1)
    expect(failed).toHaveBeenCalledTimes(1)
  })

  it('that cannot be loaded is requested again at once if somebody asks for it', async () => {
    const { part, load, isLost } = createPart()
    part(vi.fn(), vi.fn())
    isLost()
    await vi.advanceTimersByTimeAsync(0)
    expect(part.isLost).toBe(true)
    part.retry()
    part(vi.fn(), vi.fn())
    expect(load).toHaveBeenCalledTimes(2)
  })
})
