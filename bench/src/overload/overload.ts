/** The measurement `overload` ([DL9]): the table of it, and its bounds. */
import { availableParallelism, loadavg } from 'node:os'
import type { Bounded, Figure, Measurement, Report } from '../measurement.ts'
import { requireOpenFiles } from '../open-files.ts'
import { percentile } from '../percentile.ts'
import { FLOOD_KINDS, type FloodKind } from './flood-kinds.ts'
import type { Flood } from './flood-main.ts'
import { measureOverload, type OverloadFigures } from './measure-overload.ts'

/** Others wait at most so many times longer at p99; memory is back to so many times what it was. */
const BOUNDS = { p99: 2, memoryDuring: 3, memoryAfter: 1.5 }
const MANY = 500
const CONNECTIONS = 2_000

const kinds = Object.keys(FLOOD_KINDS) as FloodKind[]

export const FLOODS: readonly { readonly name: string; readonly flood: Flood }[] = [
  ...kinds.map((event) => ({
    name: `1 socket, ${event}`,
    flood: { kind: 'events', event, sockets: 1, perSecond: 10_000 } as const,
  })),
  ...(['valid sends', 'invalid payloads', 'identity:authenticate'] as const).map((event) => ({
    name: `${MANY} sockets, ${event}`,
    flood: { kind: 'events', event, sockets: MANY, perSecond: 20 } as const,
  })),
  { name: 'a reader that never reads', flood: { kind: 'deaf reader', perSecond: 30 } },
  {
    name: `${CONNECTIONS} connections of one address`,
    flood: { kind: 'connections', sockets: CONNECTIONS },
  },
]

export const overload: Measurement = {
  name: 'overload',
  async run() {
    requireOpenFiles(2 * CONNECTIONS)
    const only = process.env['OVERLOAD']
    const figures: Figure[] = []
    const bounded: Bounded[] = []
    for (const { name, flood } of FLOODS) {
      if (only !== undefined && !name.includes(only)) continue
      const measured = await measureOverload({
        ...{ flood, visitors: 4, beforeMs: 10_000, duringMs: 30_000, timeoutMs: 180_000 },
      })
      process.stderr.write(`  ${name}: ${lineOf(measured)}\n`)
      figures.push({ what: name, value: lineOf(measured) })
      bounded.push(...boundsOf(name, measured))
    }
    return reportOf(figures, bounded)
  },
}

export const reportOf = (figures: readonly Figure[], bounded: readonly Bounded[]): Report => ({
  title: `floods beside well-behaved visitors (${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)})`,
  figures,
  bounded,
})

function lineOf({ before, during, flood, memoryBefore, memoryDuring, memoryAfter }: OverloadFigures): string {
  const times = (values: readonly number[]) =>
    `${percentile(values, 0.5).toFixed(1)}/${percentile(values, 0.99).toFixed(1)}`
  const { sent, answered, cut, open } = flood
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20)
  return (
    `p50/p99 ${times(before)} → ${times(during)} ms; ${sent} sent, ${answered} answered, ${cut} cut, ${open} open; ` +
    `${mib(memoryBefore)} → ${mib(memoryDuring)} → ${mib(memoryAfter)} MiB`
  )
}

export function boundsOf(name: string, figures: OverloadFigures): readonly Bounded[] {
  const { before, during, memoryBefore, memoryDuring, memoryAfter } = figures
  return [
    {
      what: `${name}: others' p99 ÷ before`,
      value: percentile(during, 0.99) / percentile(before, 0.99),
      bound: BOUNDS.p99,
    },
    {
      what: `${name}: memory during ÷ before`,
      value: memoryDuring / memoryBefore,
      bound: BOUNDS.memoryDuring,
    },
    { what: `${name}: memory after ÷ before`, value: memoryAfter / memoryBefore, bound: BOUNDS.memoryAfter },
  ]
}
