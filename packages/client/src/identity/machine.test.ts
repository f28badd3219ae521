/**
 * The identity's machine by itself, under random sequences of events. `MACHINE_SEQUENCES` sets their number,
 * `MACHINE_SEED` the seed.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { World } from './machine-world.testing.ts'

const TOTAL = Number(process.env.MACHINE_SEQUENCES ?? 5_000)
const SEED = Number(process.env.MACHINE_SEED ?? Date.now() % 2 ** 31)

const sequences = fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 60, size: 'max' })

it('[ID3] [ID4] [ID5] [ID6] [ID8] [ID9] [ID12] [ID13] [ID14] [ID15] [ID17] whatever happens, and in whichever order', () => {
  const tally = new Map<string, number>()
  const property = fc.property(sequences, (seeds) => {
    const world = new World(tally)
    for (const seed of seeds) world.move(seed)
    world.calmDown()
    const { status } = world.state
    if (!['anonymous', 'identified', 'reauthentication-required'].includes(status))
      throw new Error(`[ID2] never comes to an end: ${status}`)
  })
  const details = fc.check(property, { seed: SEED, numRuns: TOTAL })
  if (details.failed)
    expect.fail(`MACHINE_SEED=${SEED}\n${details.errorInstance}\n${fc.defaultReportMessage(details)}`)
  const seen = [...tally.keys()].filter((what) => what.startsWith('is '))
  expect(seen.sort()).toEqual([
    'is anonymous',
    'is authenticating',
    'is identified',
    'is leaving',
    'is reauthentication-required',
    'is refreshing',
  ])
  // Every state has met every event from outside.
  expect(tally.size).toBeGreaterThan(80)
})
