import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeLocks } from '../util/fake-locks.testing.ts'
import { countHolders, holdLock, takeLock } from './web-locks.ts'

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
    const held = vi.fn()
    void holdLock('lock', signal(), { withinMs: 10_000 }).then(held)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(held).toHaveBeenCalledTimes(1)
  })

  it('[DL12] keep nobody waiting once the signal aborts', async () => {
    const controller = new AbortController()
    const held = holdLock('lock', controller.signal, { withinMs: 10_000 })
    controller.abort()
    await held
    await holdLock('lock', controller.signal, { withinMs: 10_000 })
  })

  it('[DL12] are not taken, and whoever asks hears so', async () => {
    const taken = takeLock('lock', { ifAvailable: true })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await taken).toBeFalsy()
    const waiting = new AbortController()
    const waited = takeLock('lock', waiting)
    waiting.abort()
    expect(await waited).toBeUndefined()
  })
})

describe('Web Locks that work', () => {
  beforeEach(() => vi.stubGlobal('navigator', { locks: createFakeLocks() }))

  it('are waited for while somebody holds them, within the limit', async () => {
    const first = new AbortController()
    await holdLock('lock', first.signal, { withinMs: 10_000 })
    const second = new AbortController()
    const held = vi.fn()
    const result = holdLock('lock', second.signal, { withinMs: 10_000 }).then(held)
    await vi.advanceTimersByTimeAsync(9_000)
    expect(held).not.toHaveBeenCalled()
    first.abort()
    await result
    expect(await countHolders('lock', 1_000)).toBe(1)
    second.abort()
    await vi.advanceTimersByTimeAsync(0)
    expect(await countHolders('lock', 1_000)).toBe(0)
  })

  it('are let go at once when nobody waits for them any more', async () => {
    const first = new AbortController()
    await holdLock('lock', first.signal, { withinMs: 10_000 })
    const second = new AbortController()
    const held = holdLock('lock', second.signal, { withinMs: 10_000 })
    second.abort()
    await held
    first.abort()
    await vi.advanceTimersByTimeAsync(0)
    expect(await countHolders('lock', 1_000)).toBe(0)
  })

  it('[DL6] tell whoever held one that it was stolen', async () => {
    const lost = vi.fn()
    const release = await takeLock('lock', { ifAvailable: true }, lost)
    expect(release).toBeTypeOf('function')
    expect(await takeLock('lock', { ifAvailable: true })).toBeNull()
    const stolen = await takeLock('lock', { steal: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(lost).toHaveBeenCalledTimes(1)
    stolen?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(await countHolders('lock', 1_000)).toBe(0)
  })
})
