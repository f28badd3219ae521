/**
 * Identity under random interleavings, on the real server with the real storage. One interleaving is a scenario of 6 to
 * 15 steps that overlap at random. `INTERLEAVINGS` sets their number, `INTERLEAVINGS_SEED` the seed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppOptions, createChatServer } from '@chat-widget/server'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { play } from './support/interleavings/play.ts'
import { type Step, scenarios } from './support/interleavings/steps.ts'
import { newTally } from './support/interleavings/tally.ts'
import { shopConfig } from './support/shop.ts'

const TOTAL = Number(process.env.INTERLEAVINGS ?? 300)
const SEED = Number(process.env.INTERLEAVINGS_SEED ?? Date.now() % 2 ** 31)
const AT_ONCE = Math.min(50, TOTAL)
const LIMIT_MS = 25 * 60_000
/** Time for finding a smaller counterexample. Milliseconds. */
const SHRINK_MS = 20_000

async function startServer() {
  const dataDir = mkdtempSync(join(tmpdir(), 'chat-interleavings-'))
  const { apps } = shopConfig() as { readonly apps: readonly AppOptions[] }
  // All its visitors have one address.
  const limits = { socketsPerAddress: 10_000, newVisitorsPerMinute: 1_000_000, requestsPerSecond: 1_000_000 }
  const server = await createChatServer({ apps, port: 0, dataDir, limits })
  onTestFinished(async () => {
    await server.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await server.listen()
  return server
}

function reportOf(details: fc.RunDetails<[readonly Step[]]>): string {
  return [`INTERLEAVINGS_SEED=${SEED}`, String(details.errorInstance), fc.defaultReportMessage(details)].join(
    '\n',
  )
}

it(
  '[ID11] [DL2] over random interleavings nobody reads what is neither theirs nor of an anonymous session they held',
  async () => {
    const server = await startServer()
    const tally = newTally()
    let failing: { readonly lane: number; readonly until: number } | null = null

    // Lanes are independent runs of fast-check, so that the first to fail can shrink while the others stop.
    const lane = (index: number) => {
      const property = fc.asyncProperty(scenarios, async (steps) => {
        if (failing !== null && (failing.lane !== index || Date.now() > failing.until)) return
        const violations = await play(server, steps, tally)
        tally.scenarios += 1
        if (violations.length === 0) return
        failing ??= { lane: index, until: Date.now() + SHRINK_MS }
        if (failing.lane === index) throw new Error(violations.join('\n'))
      })
      const numRuns = Math.ceil((TOTAL - index) / AT_ONCE)
      return fc.check(property, { seed: SEED + index, numRuns, interruptAfterTimeLimit: LIMIT_MS })
    }
    const lanes = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => lane(index)))
    for (const details of lanes) if (details.failed) expect.fail(reportOf(details))

    expect(tally.scenarios).toBe(TOTAL)
    for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0)
  },
  LIMIT_MS + 60_000,
)
