/** `pnpm bench faults`: servers, Redis and PostgreSQL die under load, and nothing is lost, doubled, reordered or seen by others. */
import type { Measurement, Report } from '../measurement.ts'
import { percentile } from '../percentile.ts'
import { type FaultFigures, type FaultRunOptions, runFaults } from './run-faults.ts'

const number = (name: string, usual: number) => Number(process.env[name] ?? usual)

const optionsOf = (): FaultRunOptions => ({
  faults: number('FAULTS', 300),
  seed: number('FAULTS_SEED', 1),
  broker: process.env.FAULTS_BROKER === 'postgres' ? 'postgres' : 'redis',
  customers: number('FAULTS_CUSTOMERS', 50),
  everyMs: number('FAULTS_EVERY_MS', 2_000),
  outageMs: number('FAULTS_OUTAGE_MS', 20_000),
  crossings: number('FAULTS_CROSSINGS', 300),
  forMs: 60_000 * number('FAULTS_MINUTES', Number.POSITIVE_INFINITY),
  onFault: (line) => process.stderr.write(`${line}\n`),
})

export function faultsReportOf(
  figures: FaultFigures,
  { seed, broker }: Pick<FaultRunOptions, 'seed' | 'broker'>,
): Report {
  const { faults, kills, devices, acknowledged, near, across, examples, failures } = figures
  const all = [...faults.values()].reduce((sum, one) => sum + one, 0)
  const ms = (times: readonly number[]) =>
    `${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`
  return {
    title: `${all} faults on three servers with ${broker === 'redis' ? 'Redis and PostgreSQL' : 'PostgreSQL alone'}, seed ${seed}`,
    figures: [
      ...[...faults].map(([what, times]) => ({ what, value: `${times} times` })),
      { what: 'processes that were ended', value: `${kills}` },
      { what: 'devices', value: `${devices}` },
      { what: 'acknowledged messages', value: `${acknowledged}` },
      ...(near.length === 0
        ? []
        : [
            { what: 'delivery on one server', value: ms(near) },
            { what: 'delivery from server to server', value: ms(across) },
          ]),
      ...[...examples, ...failures.slice(0, 10)].map((value) => ({ what: 'problem', value })),
    ],
    bounded: [
      { what: 'lost', value: figures.lost, bound: 0 },
      { what: 'doubled', value: figures.doubled, bound: 0 },
      { what: 'reordered', value: figures.reordered, bound: 0 },
      { what: 'seen by another person', value: figures.strangers, bound: 0 },
      { what: 'given up', value: failures.length, bound: 0 },
      ...(near.length === 0
        ? []
        : [
            {
              what: 'p99 of delivery from server to server ÷ on one server',
              value: percentile(across, 0.99) / percentile(near, 0.99),
              bound: 3,
            },
          ]),
    ],
  }
}

export const faults: Measurement = {
  name: 'faults',
  async run() {
    const options = optionsOf()
    return faultsReportOf(await runFaults(options), options)
  },
}
