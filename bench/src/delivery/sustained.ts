/** One server with SQLite for minutes: at half of the messages that it can take, or with many idle connections beside. */
import { setTimeout as sleep } from 'node:timers/promises'
import { inFlight } from '../in-flight.ts'
import type { Report } from '../measurement.ts'
import { requireOpenFiles } from '../open-files.ts'
import { connectVisitor, EVERY_MS, type Visitor } from '../overload/visitor.ts'
import { percentile } from '../percentile.ts'
import { type MeasuredServer, startMeasuredServer } from '../server-process.ts'
import { addresses, CONNECTING_AT_ONCE, connectDevice } from './measure-delivery.ts'

interface SustainedOptions {
  /** Idle ones. */
  readonly connections: number
  readonly minutes: number
  /** Messages for each second; `null`: half of the maximum, which is looked for first. */
  readonly rate: number | null
}

interface Minute {
  readonly rate: number
  /** From sending to acknowledgement. Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Resident memory after a garbage collection. Bytes. */
  readonly bytes: number
}

interface SustainedFigures {
  /** Messages for each second; `null`: not looked for. */
  readonly maximum: number | null
  readonly bytesBefore: number
  readonly bytesWithIdle: number
  readonly minutes: readonly Minute[]
}

const BOUNDS = { memory: 1.2, p99: 2 }
const PER_VISITOR = 1_000 / EVERY_MS
const USUAL_RATE = 400
/** Steps of the search. */
const STEP_VISITORS = 100
const MOST_STEPS = 30
const STEP_MS = 4_000
const GOOD_P99_MS = 200
/** Time before a measurement, in which new visitors settle. */
const SETTLE_MS = 2_000
const MINUTE_MS = 60_000

/** `null` where none of its variables is set. */
export function sustainedOptions(env: NodeJS.ProcessEnv): SustainedOptions | null {
  const { DELIVERY_CONNECTIONS, DELIVERY_MINUTES, DELIVERY_RATE } = env
  if (DELIVERY_CONNECTIONS === undefined && DELIVERY_MINUTES === undefined) return null
  const rate = DELIVERY_RATE ?? (DELIVERY_MINUTES === undefined ? USUAL_RATE : null)
  return {
    connections: Number(DELIVERY_CONNECTIONS ?? 0),
    minutes: Number(DELIVERY_MINUTES ?? 2),
    rate: rate === null ? null : Number(rate),
  }
}

export async function measureSustained({
  connections,
  minutes,
  rate,
}: SustainedOptions): Promise<SustainedFigures> {
  const mostVisitors = rate === null ? MOST_STEPS * STEP_VISITORS : Math.ceil(rate / PER_VISITOR)
  requireOpenFiles(connections + 2 * mostVisitors)
  const timeout = AbortSignal.timeout((minutes + 15) * MINUTE_MS)
  const server = await startMeasuredServer(new URL('./server-main.js', import.meta.url), {}, timeout)
  const load = createLoad(server)
  try {
    const bytesBefore = await server.memory()
    await load.openIdle(connections)
    const bytesWithIdle = await server.memory()
    const maximum = rate === null ? await findMaximum(load) : null
    await load.setVisitors(Math.ceil((rate ?? (maximum ?? 0) / 2) / PER_VISITOR))
    await load.measure(SETTLE_MS)
    const measured: Minute[] = []
    for (let minute = 1; minute <= minutes; minute += 1) {
      measured.push(await measureMinute(server, load))
      process.stderr.write(`  minute ${minute}: ${lineOf(measured.at(-1) as Minute)}\n`)
    }
    return { maximum, bytesBefore, bytesWithIdle, minutes: measured }
  } finally {
    load.close()
    await server.close()
  }
}

type Load = ReturnType<typeof createLoad>

function createLoad(server: MeasuredServer) {
  const idle: { close(): void }[] = []
  const visitors: { readonly visitor: Visitor; close(): void }[] = []
  let used = 0
  const nextAddresses = (count: number) => {
    const next = addresses(used + count).slice(used)
    used += count
    return next
  }
  const connect = (url: string, address: string, session?: string) =>
    connectDevice(url, address, session).then(({ socket }) => ({ close: () => socket.terminate() }))
  return {
    async openIdle(count: number): Promise<void> {
      await inFlight(nextAddresses(count), CONNECTING_AT_ONCE, async (address) => {
        idle.push(await connect(server.url, address))
      })
      await sleep(SETTLE_MS)
    },
    /** Each with a second device that is told. */
    async setVisitors(count: number): Promise<void> {
      for (const { close } of visitors.splice(count)) close()
      await inFlight(nextAddresses(count - visitors.length), CONNECTING_AT_ONCE, async (address) => {
        const visitor = await connectVisitor(server.url, address)
        const device = await connect(server.url, address, visitor.session)
        visitors.push({
          visitor,
          close() {
            visitor.close()
            device.close()
          },
        })
      })
    },
    get wanted(): number {
      return visitors.length * PER_VISITOR
    },
    /** Times from sending to acknowledgement. Milliseconds. */
    measure: async (forMs: number): Promise<readonly number[]> =>
      (await Promise.all(visitors.map(({ visitor }) => visitor.measure(forMs)))).flat(),
    close() {
      for (const { close } of [...idle, ...visitors]) close()
    },
  }
}

/** The largest rate of which messages are acknowledged in time. */
async function findMaximum(load: Load): Promise<number> {
  let maximum = 0
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    await load.setVisitors(step * STEP_VISITORS)
    await load.measure(SETTLE_MS)
    const since = performance.now()
    const times = await load.measure(STEP_MS)
    const rate = (1_000 * times.length) / (performance.now() - since)
    const p99 = percentile(times, 0.99)
    process.stderr.write(`  ${load.wanted} a second: ${Math.round(rate)}, p99 ${p99.toFixed(1)} ms\n`)
    if (p99 > GOOD_P99_MS) break
    maximum = load.wanted
  }
  return maximum
}

async function measureMinute(server: MeasuredServer, load: Load): Promise<Minute> {
  const times = await load.measure(MINUTE_MS)
  return {
    rate: times.length / (MINUTE_MS / 1_000),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    bytes: await server.memory(),
  }
}

const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
const lineOf = ({ rate, p50, p99, bytes }: Minute) =>
  `${Math.round(rate)} messages a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${mib(bytes)}`

export function sustainedReportOf(
  { maximum, bytesBefore, bytesWithIdle, minutes }: SustainedFigures,
  { connections }: SustainedOptions,
): Report {
  const half = Math.ceil(minutes.length / 2)
  const p99 = (some: readonly Minute[]) =>
    percentile(
      some.map((minute) => minute.p99),
      0.5,
    )
  const bytes = (minute: Minute | undefined) => minute?.bytes ?? Number.NaN
  return {
    title: `delivery for ${minutes.length} minutes, beside ${connections} idle connections`,
    figures: [
      ...(maximum === null ? [] : [{ what: 'maximum', value: `${maximum} messages a second` }]),
      { what: 'memory before, with the idle', value: `${mib(bytesBefore)}, ${mib(bytesWithIdle)}` },
      ...minutes.map((minute, index) => ({ what: `minute ${index + 1}`, value: lineOf(minute) })),
    ],
    bounded: [
      {
        what: 'memory after the last minute ÷ after the first',
        value: bytes(minutes.at(-1)) / bytes(minutes[0]),
        bound: BOUNDS.memory,
      },
      {
        what: 'p99 of the last half ÷ of the first',
        value: p99(minutes.slice(half)) / p99(minutes.slice(0, half)),
        bound: BOUNDS.p99,
      },
    ],
  }
}
