/** `pnpm bench coming-back`: clients whose server ended are back in time, and their return costs little ([DL17]). */
import type { Measurement, Report } from '../measurement.ts'
import { requireOpenFiles } from '../open-files.ts'
import { percentile } from '../percentile.ts'
import { type ComingBackFigures, type Loss, measureComingBack } from './measure-coming-back.ts'

const CLIENTS = 500
/** Longer than the client's `STABLE_AFTER_MS`. */
const REST_MS = 6_000
const LOSSES: readonly Loss[] = [
  { name: 'after SIGTERM', signal: 'SIGTERM', awayMs: 0 },
  { name: 'after kill -9', signal: 'SIGKILL', awayMs: 0 },
  { name: 'after an outage of 30 s', signal: 'SIGKILL', awayMs: 30_000 },
]
const BOUNDS = { seconds: 10, cpu: 2 }

export const comingBack: Measurement = {
  name: 'coming-back',
  async run() {
    requireOpenFiles(CLIENTS)
    const options = { clients: CLIENTS, losses: LOSSES, restMs: REST_MS }
    return comingBackReportOf(await measureComingBack(options))
  },
}

export function comingBackReportOf({ clients, steadyMs, returns, acknowledged }: ComingBackFigures): Report {
  const seconds = (times: readonly number[], share: number) => percentile(times, share) / 1_000
  return {
    title: `${clients} clients come back to their server`,
    figures: [
      { what: 'CPU of a steady start', value: `${steadyMs} ms` },
      ...returns.map(({ loss, times, cpuMs }) => ({
        what: loss.name,
        value: `half are back after ${seconds(times, 0.5).toFixed(1)} s, CPU ${cpuMs} ms`,
      })),
    ],
    bounded: [
      ...returns.flatMap(({ loss, times, cpuMs }) => [
        { what: `all are back ${loss.name}`, value: seconds(times, 1), bound: BOUNDS.seconds, unit: 's' },
        { what: `CPU ${loss.name} ÷ of a steady start`, value: cpuMs / steadyMs, bound: BOUNDS.cpu },
      ]),
      {
        what: 'messages written meanwhile that were not acknowledged',
        value: clients * returns.length - acknowledged,
        bound: 0,
      },
    ],
  }
}
