/** `pnpm bench faults`: servers, Redis and PostgreSQL die under load, and nothing is lost, doubled, reordered or seen by others. */
import type { Measurement, Report } from '../measurement.ts'
import { crossingFigures } from './crossing.ts'
import { type FaultFigures, type FaultRunOptions, runFaults } from './run-faults.ts'

const number = (name: string, usual: number) => Number(process.env[name] ?? usual)

const optionsOf = (): FaultRunOptions => ({
  faults: number('FAULTS', 300),
  seed: number('FAULTS_SEED', 1),
  broker: process.env.FAULTS_BROKER === 'postgres' ? 'postgres' : 'redis',
  kinds: process.env.FAULTS_KINDS?.split(';'),
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
  const { faults, kills, devices, acknowledged, examples, failures } = figures
  const crossing = crossingFigures(figures)
  const all = [...faults.values()].reduce((sum, one) => sum + one, 0)
  return {
    title: `${all} faults on three servers with ${broker === 'redis' ? 'Redis and PostgreSQL' : 'PostgreSQL alone'}, seed ${seed}`,
    figures: [
      ...[...faults].map(([what, times]) => ({ what, value: `${times} times` })),
      { what: 'processes that were ended', value: `${kills}` },
      { what: 'devices', value: `${devices}` },
      { what: 'acknowledged messages', value: `${acknowledged}` },
      ...crossing.figures,
      ...[...examples, ...failures.slice(0, 10)].map((value) => ({ what: 'problem', value })),
    ],
    bounded: [
      { what: 'lost', value: figures.lost, bound: 0 },
      { what: 'doubled', value: figures.doubled, bound: 0 },
      { what: 'reordered', value: figures.reordered, bound: 0 },
      { what: 'seen by another person', value: figures.strangers, bound: 0 },
      { what: 'given up', value: failures.length, bound: 0 },
      ...crossing.bounded,
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
