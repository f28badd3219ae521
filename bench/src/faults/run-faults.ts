/** Runs faults on three servers under load, and checks what devices show against the database and the acknowledgements. */
import { setTimeout as sleep } from 'node:timers/promises'
import { drawn, shuffled } from '../seeded.ts'
import { check, type Violations } from './check.ts'
import { type Crossing, measureCrossing } from './crossing.ts'
import { type Device, startLoad, until } from './customers.ts'
import { FAULTS, type FaultKind } from './fault-kinds.ts'
import { startBenchServers } from './setup.ts'

export interface FaultRunOptions {
  readonly faults: number
  readonly seed: number
  readonly broker: 'redis' | 'postgres'
  /** Names, or parts of names, of the faults. Default: all. */
  readonly kinds?: readonly string[] | undefined
  readonly customers: number
  /** Mean time between two messages of a device. Milliseconds. */
  readonly everyMs: number
  /** Longest outage or pause; every tenth fault has it, the others a tenth of it. Milliseconds. */
  readonly outageMs: number
  /** Messages of which the delivery is measured, on one server and from one to another. 0: not measured. */
  readonly crossings: number
  /** Time after which no further fault begins. Milliseconds, default: none. */
  readonly forMs?: number
  readonly onFault?: (line: string) => void
}

export interface FaultFigures extends Violations, Crossing {
  readonly faults: ReadonlyMap<string, number>
  /** Processes that were ended. */
  readonly kills: number
  readonly devices: number
  readonly acknowledged: number
  readonly failures: readonly string[]
}

/** Longest time after a fault until every device is connected. Milliseconds. */
const BACK_MS = 60_000
const SETTLE_MS = 90_000

export async function runFaults(options: FaultRunOptions): Promise<FaultFigures> {
  const { faults: count, seed, broker, customers, everyMs, outageMs, crossings, onFault } = options
  const servers = await startBenchServers(3, broker)
  try {
    const crossing = await measureCrossing(servers, crossings)
    const load = await startLoad({ url: servers.url, customers, everyMs, settleMs: SETTLE_MS })
    try {
      const kinds = FAULTS.filter(
        ({ name, needsRedis }) =>
          (needsRedis !== true || servers.redis !== null) &&
          options.kinds?.some((part) => name.includes(part)) !== false,
      )
      if (kinds.length === 0) throw new Error(`there is no fault ${options.kinds?.join(', ')}`)
      const faults = new Map<string, number>()
      let kills = 0
      let draws = 0
      const draw = () => drawn(seed, `draw ${draws++}`)
      const end = performance.now() + (options.forMs ?? Number.POSITIVE_INFINITY)
      for (const [index, kind] of sequenceOf(kinds, count, seed).entries()) {
        if (performance.now() > end) break
        const length = index % 10 === 9 ? outageMs : outageMs / 10
        const begun = performance.now()
        await kind.run({ servers, draw, outageMs: length })
        faults.set(kind.name, (faults.get(kind.name) ?? 0) + 1)
        kills += kind.kills
        await sleep(draw() * everyMs)
        onFault?.(`${index + 1} ${kind.name}: ${Math.round(performance.now() - begun)} ms`)
      }
      await until(
        () => load.devices.every(({ client }) => client.getState().connection.status === 'connected'),
        BACK_MS,
        () => `every device is connected again, but ${statesOf(load.devices)}`,
      )
      await load.stop()
      const violations = await check(load, servers.postgres.url)
      const { devices, acknowledged, failures } = load
      return {
        ...violations,
        ...crossing,
        ...{ faults, kills, failures },
        devices: devices.length,
        acknowledged: acknowledged.length,
      }
    } finally {
      load.close()
    }
  } finally {
    await servers.close()
  }
}

/** Number of devices in each state of the connection. */
function statesOf(devices: readonly Device[]): string {
  const counts = new Map<string, number>()
  for (const { client } of devices) {
    const { connection, identity } = client.getState()
    const state = `${connection.status} and ${identity.status}`
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
}

/** Rounds of all kinds, each in an order of the seed; the longest one comes in every third round. */
function sequenceOf(kinds: readonly FaultKind[], count: number, seed: number): readonly FaultKind[] {
  const sequence: FaultKind[] = []
  for (let round = 0; sequence.length < count; round += 1) {
    const some = kinds.filter(({ isLong }) => isLong !== true || round % 3 === 0)
    sequence.push(...shuffled(some, Math.floor(2 ** 31 * drawn(seed, `round ${round}`))))
  }
  return sequence.slice(0, count)
}
