/** The measurement `overload` ([DL9]): its table and its bounds. */
import { availableParallelism, loadavg } from 'node:os'
import type { Bounded, Figure, Measurement, Report } from '../measurement.ts'
import { requireOpenFiles } from '../open-files.ts'
import { percentile } from '../percentile.ts'
import { FLOOD_KINDS, type FloodKind } from './flood-kinds.ts'
import type { Flood, Manner } from './flood-main.ts'
import { measureOverload, type OverloadFigures } from './measure-overload.ts'

/** Largest ratios: others' p99, memory during, and memory after the flood. */
const BOUNDS = { p99: 2, memoryDuring: 3, memoryAfter: 1.5 }
const MANY = 500
const CONNECTIONS = 2_000

const MANNERS: readonly Manner[] = ['patient', 'impatient']
const kinds = Object.keys(FLOOD_KINDS) as FloodKind[]

/** Signed in, so that lists and histories have content; not for signing out, which ends its own session. */
const signedIn = (event: FloodKind) => event !== 'message:send' && event !== 'identity:sign-out'

const events = (sockets: number, event: FloodKind, manner: Manner) => ({
  name: `${sockets} socket${sockets === 1 ? '' : 's'}, ${event}, ${manner}`,
  flood: { kind: 'events', event, sockets, manner, signedIn: sockets === 1 && signedIn(event) } as const,
})

const FLOODS: readonly { readonly name: string; readonly flood: Flood }[] = [
  ...kinds.map((event) => events(1, event, 'impatient')),
  ...MANNERS.flatMap((manner) =>
    (['message:send', 'invalid payloads', 'identity:authenticate'] as const).map((event) =>
      events(MANY, event, manner),
    ),
  ),
  { name: 'a reader that never reads', flood: { kind: 'slow consumer', perSecond: 30 } },
  ...MANNERS.map((manner) => ({
    name: `${CONNECTIONS} connections of one address, ${manner}`,
    flood: { kind: 'connections', sockets: CONNECTIONS, manner } as const,
  })),
]

/**
 * A p99 rests on the eight to twenty-four longest times of a span, and one pause of the machine makes that many. A
 * doubtful ratio is measured again, and the times of all runs count together: chance evens out, a slow server does not.
 */
const RUNS_AT_MOST = 3
/** Far below 1 is doubtful too: a pause fell into the time before the flood, and would hide a slow server. */
const isDoubtful = (ratio: number) => ratio > BOUNDS.p99 || ratio < 0.7

/** Twenty visitors, four messages a second each: the p99 of 10 s is the eighth longest of 800. */
const VISITORS = 20
const SHORT = { beforeMs: 10_000, duringMs: 10_000 }
const LONG = { beforeMs: 20_000, duringMs: 30_000 }
const spans = (flood: Flood) => (flood.kind === 'events' && flood.sockets === 1 ? SHORT : LONG)

export const overload: Measurement = {
  name: 'overload',
  async run() {
    requireOpenFiles(2 * CONNECTIONS)
    // Names, or parts of names, of the floods to measure.
    const only = process.env['OVERLOAD']?.split(';')
    const figures: Figure[] = []
    const bounded: Bounded[] = []
    for (const { name, flood } of FLOODS) {
      if (only?.some((part) => name.includes(part)) === false) continue
      const { beforeMs, duringMs } = spans(flood)
      const options = { flood, visitors: VISITORS, beforeMs, duringMs, timeoutMs: 180_000 }
      const runs: OverloadFigures[] = []
      do {
        const measured = await measureOverload(options)
        const value = lineOf(measured, duringMs)
        process.stderr.write(`  ${name}: ${value}\n`)
        figures.push({ what: name, value })
        runs.push(measured)
      } while (isDoubtful(p99Ratio(runs)) && runs.length < RUNS_AT_MOST)
      bounded.push(...boundsOf(name, runs))
    }
    return reportOf(figures, bounded)
  },
}

const reportOf = (figures: readonly Figure[], bounded: readonly Bounded[]): Report => ({
  title: `floods beside well-behaved visitors (${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)})`,
  figures,
  bounded,
})

function lineOf(measured: OverloadFigures, duringMs: number): string {
  const { before, during, flood, load, memoryBefore, memoryDuring, memoryAfter } = measured
  const times = (values: readonly number[]) =>
    [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(1)).join('/')
  const { sent, answered, cut, refused, open, cpuMs } = flood
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20)
  const cores = (ms: number) => (ms / duringMs).toFixed(2)
  return (
    `p50/p99/longest ${times(before)} → ${times(during)} ms of ${before.length} and ${during.length}; ` +
    `${sent} sent, ${answered} answered, ${cut} cut, ${refused} refused, ${open} open; ` +
    `cores: flood ${cores(cpuMs)}, server ${cores(load.cpuMs)}, ` +
    `its loop late ${load.loopMs.p99.toFixed(0)}/${load.loopMs.longest.toFixed(0)} ms; ` +
    `${mib(memoryBefore)} → ${mib(memoryDuring)} → ${mib(memoryAfter)} MiB`
  )
}

const timesOf = (runs: readonly OverloadFigures[], span: 'before' | 'during') =>
  runs.flatMap((run) => run[span])

const p99Ratio = (runs: readonly OverloadFigures[]): number =>
  percentile(timesOf(runs, 'during'), 0.99) / percentile(timesOf(runs, 'before'), 0.99)

function boundsOf(name: string, runs: readonly OverloadFigures[]): readonly Bounded[] {
  const worst = (ratio: (run: OverloadFigures) => number) => Math.max(...runs.map(ratio))
  return [
    { what: `${name}: others' p99 ÷ before`, value: p99Ratio(runs), bound: BOUNDS.p99 },
    {
      what: `${name}: memory during ÷ before`,
      value: worst((run) => run.memoryDuring / run.memoryBefore),
      bound: BOUNDS.memoryDuring,
    },
    {
      what: `${name}: memory after ÷ before`,
      value: worst((run) => run.memoryAfter / run.memoryBefore),
      bound: BOUNDS.memoryAfter,
    },
  ]
}
