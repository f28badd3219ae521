import type { AppId } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import { networkOf } from '../network/client-address.ts'
import type { Creator } from '../storage/authentication-request-storage.ts'
import { createRequestLimits } from './request-limits.ts'

const SHOP = 'shop' as AppId
const anyone = (ip = '192.0.2.1') => ({ kind: 'anyone', ip }) as const
const key = { kind: 'key', ip: '192.0.2.1' } as const
const MINUTE = 60_000
const START = 1_700_000_000_000

function start(changes: Partial<typeof DEFAULT_REQUEST_LIMITS.withoutKey> = {}) {
  const clock = { now: START }
  const { withoutKey } = DEFAULT_REQUEST_LIMITS
  const limits = createRequestLimits({
    limitsOf: () => ({ ...DEFAULT_REQUEST_LIMITS, withoutKey: { ...withoutKey, ...changes } }),
    now: () => clock.now,
  })
  return { clock, limits }
}

describe('[AR7] an addressee', () => {
  const by = (creator: Creator['kind'], ...minutes: number[]) =>
    minutes.map((minute) => ({ at: START - minute * MINUTE, creator }))
  const ago = (...minutes: number[]) => by('anyone', ...minutes)

  it.each([
    ['may be asked at once for the first time', [], 0],
    ['may be asked again, a few times', ago(0, 0), 0],
    ['is then left alone for half a minute', ago(0, 0, 0), 30_000],
    ['counted from the last time', ago(0.25, 1, 2), 15_000],
    ['and may be asked again after that', ago(0.5, 1, 2), 0],
    ['is not asked more than six times an hour', ago(1, 11, 21, 31, 41, 51), 9 * MINUTE],
    ['whatever else was before', ago(2, 11, 21, 31, 41, 51, 59), 9 * MINUTE],
    ['may be asked again when the oldest is an hour ago', ago(11, 21, 31, 41, 51), 0],
  ])('%s', (_title, made, waitMs) => {
    expect(start().limits.addresseeWait(SHOP, anyone(), made)).toBe(waitMs)
  })

  it('may be asked more often with a key', () => {
    const { limits } = start()
    expect(limits.addresseeWait(SHOP, key, by('key', 0, 0, 0, 1, 2, 3, 4))).toBe(0)
    expect(limits.addresseeWait(SHOP, key, by('key', ...Array.from({ length: 10 }, () => 0)))).toBe(5_000)
  })
})

describe('[AR7] an IP and an app', () => {
  const count = async (
    limits: ReturnType<typeof start>['limits'],
    ...args: Parameters<typeof limits.count>
  ) => {
    try {
      await limits.count(...args)
      return 0
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate-limited' })
      return (error as { retryAfterMs: number }).retryAfterMs
    }
  }

  it('of callers without a key may be as many as there are: the others are not limited by them', async () => {
    const { limits } = start()
    for (let n = 0; n < 21_000; n += 1)
      await count(limits, SHOP, anyone(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`))
    expect(await count(limits, SHOP, anyone('192.0.2.7'))).toBeGreaterThan(0)
    for (let n = 0; n < 100; n += 1)
      expect(await count(limits, SHOP, { kind: 'key', ip: `192.0.2.${n}` })).toBe(0)
    expect(
      await count(limits, SHOP, { kind: 'visitor', ip: '192.0.2.7', visitor: 'v', conversationId: null }),
    ).toBe(0)
  })

  it('have a burst and then a rate, each of its own', async () => {
    const { limits, clock } = start({ ipBurst: 2, ipPerHour: 60 })
    expect(await Promise.all([1, 2, 3].map(() => count(limits, SHOP, anyone())))).toEqual([0, 0, MINUTE])
    expect(await count(limits, SHOP, anyone('192.0.2.2'))).toBe(0)
    expect(await count(limits, 'other' as AppId, anyone())).toBe(0)
    expect(await count(limits, SHOP, key)).toBe(0)
    clock.now += MINUTE
    expect(await count(limits, SHOP, anyone())).toBe(0)
  })

  it('have the app’s too, from all IPs together', async () => {
    const { limits } = start({ appBurst: 2, appPerHour: 60 })
    const asked = [1, 2, 3].map((last) => count(limits, SHOP, anyone(`192.0.2.${last}`)))
    const waits = await Promise.all(asked)
    expect(waits).toEqual([0, 0, MINUTE])
    expect(await count(limits, SHOP, key)).toBe(0)
  })

  it('hold so many waits, and let go of each once', () => {
    const { limits } = start({ ipWaits: 2 })
    const [first] = [limits.hold(SHOP, anyone()), limits.hold(SHOP, anyone())]
    expect(() => limits.hold(SHOP, anyone())).toThrow(/waiting/)
    first()
    first()
    limits.hold(SHOP, anyone())
    expect(() => limits.hold(SHOP, anyone())).toThrow(/waiting/)
    limits.hold(SHOP, key)
  })
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
