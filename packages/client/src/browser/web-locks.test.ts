import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeLocks } from '../util/fake-locks.testing.ts'
import { countHolders, holdLock, withLock } from './web-locks.ts'

const never = () => new Promise<never>(() => {})
const refuses = () => {
  throw new DOMException('no', 'SecurityError')
}
const signal = () => new AbortController().signal

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe.each([
  ['are missing', () => ({})],
  [
    'throw on access',
    () => ({
      get locks() {
        return refuses()
      },
    }),
  ],
  ['throw on use', () => ({ locks: { request: refuses, query: refuses } })],
  ['reject', () => ({ locks: { request: async () => refuses(), query: async () => refuses() } })],
  ['never answer', () => ({ locks: { request: never, query: never } })],
  [
    'are held for ever',
    () => {
      const locks = createFakeLocks()
      void locks.request('lock', {}, never)
      return { locks }
    },
  ],
])('Web Locks that %s', (_fault, create) => {
  beforeEach(() => vi.stubGlobal('navigator', create()))

  it('[DL12] are done without', async () => {
    const work = vi.fn(async () => 'done')
    const result = withLock('lock', signal(), { withinMs: 10_000 }, work)
    const held = holdLock('lock', signal(), { withinMs: 10_000 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await result).toBe('done')
    expect(work).toHaveBeenCalledTimes(1)
    await held
  })

  it('[DL12] do nothing once the signal aborts', async () => {
    const controller = new AbortController()
    controller.abort()
    const work = vi.fn(async () => 'done')
    expect(await withLock('lock', controller.signal, { withinMs: 10_000 }, work)).toBeUndefined()
    expect(work).not.toHaveBeenCalled()
  })
})

describe('Web Locks that work', () => {
  beforeEach(() => vi.stubGlobal('navigator', { locks: createFakeLocks() }))

  it('are waited for while somebody holds them, within the limit', async () => {
    const first = new AbortController()
    await holdLock('lock', first.signal, { withinMs: 10_000 })
    const work = vi.fn(async () => 'done')
    const result = withLock('lock', signal(), { withinMs: 10_000 }, work)
    await vi.advanceTimersByTimeAsync(9_000)
    expect(work).not.toHaveBeenCalled()
    first.abort()
    expect(await result).toBe('done')
    expect(await countHolders('lock', 1_000)).toBe(0)
  })

  it('pass on what the work threw', async () => {
    const work = async () => {
      throw new Error('mine')
    }
    await expect(withLock('lock', signal(), { withinMs: 1_000 }, work)).rejects.toThrow('mine')
  })
})
