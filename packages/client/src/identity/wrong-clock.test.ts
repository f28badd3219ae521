/**
 * [ID4] Renewal from the first sign-in on, with a device clock that is wrong by a day: for the shortest lifetimes and
 * the longest.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestContextProvider } from '../chat-state.ts'
import { authenticated, createIdentity } from './identity.testing.ts'

const SECOND = 1_000
const DAY = 24 * 60 * 60 * SECOND

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function signIn(lifetimeMs: number, aheadMs: number) {
  const serverNow = () => Date.now() - aheadMs
  let tokens = 0
  const provider = vi.fn<RequestContextProvider>(() => {
    // Otherwise a renewal that is always due would go on for ever.
    if (tokens > 9) throw new Error('asked too often')
    return { token: String(++tokens) }
  })
  const identity = createIdentity({
    authenticate: async ({ userIdentifier }) =>
      authenticated({ userIdentifier, serverTime: serverNow(), expiresAt: serverNow() + lifetimeMs }),
  })
  void identity.follow({ userIdentifier: 'ada', requestContextProvider: provider }).catch(() => {})
  identity.ready({ serverTime: serverNow(), identity: { status: 'unidentified' } })
  return { identity, flags: () => provider.mock.calls.map(([needsRefresh]) => needsRefresh) }
}

describe.each([
  ['a day ahead', DAY],
  ['a day behind', -DAY],
])('[ID4] on a device whose clock is %s', (_where, aheadMs) => {
  it.each([
    ['10 s', 10 * SECOND, 5 * SECOND],
    ['a minute', 60 * SECOND, 48 * SECOND],
    ['an hour', 3_600 * SECOND, 2_880 * SECOND],
    ['a day', DAY, 0.8 * DAY],
    ['30 days', 30 * DAY, 24 * DAY],
  ])('a context of %s is renewed at its time, and once each time', async (_what, lifetimeMs, dueMs) => {
    const { identity, flags } = signIn(lifetimeMs, aheadMs)
    await vi.advanceTimersByTimeAsync(dueMs - 1)
    expect(flags()).toEqual([false])
    await vi.advanceTimersByTimeAsync(2)
    expect(flags()).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(dueMs - 2)
    expect(flags()).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(2)
    expect(flags()).toEqual([false, true, true])
    identity.close()
  })
})
