import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HeldSession } from '../identity/identity-service.ts'
import { createContextExpiry } from './context-expiry.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const DAY = 24 * 60 * 60_000

function setUp(
  reread: (held: HeldSession) => unknown = async ({ session }) => session,
  now: () => number = Date.now,
) {
  const heard: string[] = []
  const expiry = createContextExpiry({
    reread: reread as never,
    now,
    graceMs: 5_000,
    renewed: (at) => heard.push(`renewed ${at}`),
    over: () => heard.push('over'),
    graceOver: () => heard.push('grace over'),
    ended: () => heard.push('ended'),
  })
  const inMs = (ms: number) =>
    ({ session: { contextExpiresAt: Date.now() + ms }, secretHash: '' }) as unknown as HeldSession
  return { expiry, heard, inMs }
}

describe("[ID10] a context's end", () => {
  it('is told at the moment, and the end of the grace after it', async () => {
    const { expiry, heard, inMs } = setUp()
    expiry.watch(inMs(60_000))
    await vi.advanceTimersByTimeAsync(59_999)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toEqual(['over'])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(heard).toEqual(['over', 'grace over'])
  })

  it('is not told early when it is months away', async () => {
    const { expiry, heard, inMs } = setUp()
    expiry.watch(inMs(100 * DAY))
    await vi.advanceTimersByTimeAsync(99 * DAY)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(DAY)
    expect(heard).toEqual(['over'])
  })

  it('[ID3] is put off by another tab that renews within the grace', async () => {
    let renewedUntil = 0
    const { expiry, heard, inMs } = setUp(async ({ session }) => ({
      contextExpiresAt: renewedUntil || session.contextExpiresAt,
    }))
    expiry.watch(inMs(60_000))
    await vi.advanceTimersByTimeAsync(62_000)
    expect(heard).toEqual(['over'])
    renewedUntil = Date.now() + 60_000
    await vi.advanceTimersByTimeAsync(10_000)
    expect(heard).toEqual(['over', `renewed ${renewedUntil}`])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(heard).toEqual(['over', `renewed ${renewedUntil}`, 'over', 'grace over'])
  })

  it('is put off by a renewal, on this socket or by another tab', async () => {
    const other = Date.now() + 300_000
    const { expiry, heard, inMs } = setUp(async () => ({ contextExpiresAt: other }))
    expiry.watch(inMs(60_000))
    expiry.watch(inMs(120_000))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(heard).toEqual([`renewed ${other}`])
    await vi.advanceTimersByTimeAsync(180_000)
    expect(heard.at(-1)).toBe('over')
  })

  it('counts when the database cannot be asked, and a session that ended is said to have ended', async () => {
    const failing = setUp(() => Promise.reject(new Error('down')))
    failing.expiry.watch(failing.inMs(1_000))
    const gone = setUp(async () => null)
    gone.expiry.watch(gone.inMs(1_000))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(failing.heard).toEqual(['over'])
    expect(gone.heard).toEqual(['ended'])
  })

  it('is noticed by a look at the clock when the timers are late, as after a suspended machine', async () => {
    let late = 0
    const { expiry, heard, inMs } = setUp(undefined, () => Date.now() + late)
    expiry.watch(inMs(DAY))
    expiry.check()
    late = DAY - 1
    expiry.check()
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual([])
    late = DAY
    expiry.check()
    expiry.check()
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual(['over'])
    late = DAY + 5_000
    expiry.check()
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual(['over', 'grace over'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not put off by a clock that is set back', async () => {
    let late = 0
    const { expiry, heard, inMs } = setUp(undefined, () => Date.now() + late)
    expiry.watch(inMs(60_000))
    late = -DAY
    await vi.advanceTimersByTimeAsync(60_000)
    expect(heard).toEqual(['over'])
  })

  it('leaves no timer behind', async () => {
    const { expiry, heard, inMs } = setUp()
    expiry.watch(inMs(1_000))
    expiry.stop()
    expiry.watch(inMs(1_000))
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(heard).toEqual([])
  })
})
