import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seededRandom, unevenness } from '../util/seeded-random.testing.ts'
import { createIdentity } from './identity.testing.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockImplementation(seededRandom(4))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Waits of a fresh device before the second and the third call of a failing provider. */
async function waitsOfOneDevice(): Promise<readonly [number, number]> {
  const calls: number[] = []
  const identity = createIdentity({})
  void identity.follow({
    userIdentifier: 'ada',
    requestContextProvider: () => {
      calls.push(Date.now())
      throw new Error('the shop is down')
    },
  })
  identity.ready({ serverTime: Date.now(), identity: { status: 'unidentified' } })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'provider-failed' })
  identity.close()
  const [first = 0, second = 0, third = 0] = calls
  expect(calls).toHaveLength(3)
  return [second - first, third - second]
}

it('[ID6] many devices whose providers fail at once do not ask again at once: their waits are spread evenly', async () => {
  const waits: (readonly [number, number])[] = []
  for (let device = 0; device < 400; device += 1) waits.push(await waitsOfOneDevice())
  expect(
    unevenness(
      waits.map(([second]) => second),
      500,
    ),
  ).toBeLessThan(1.63)
  expect(
    unevenness(
      waits.map(([, third]) => third),
      1_000,
    ),
  ).toBeLessThan(1.63)
})
