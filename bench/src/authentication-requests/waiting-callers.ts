/** The measurement `authentication-requests`: its table and its bounds. */
import { availableParallelism } from 'node:os'
import type { Measurement, Report } from '../measurement.ts'
import { percentile } from '../percentile.ts'
import { measureWaiting, type WaitingFigures } from './measure-waiting.ts'

/**
 * Bounds with room above the figures in docs/authentication-requests.md. `byMany` shows what grows with the number of
 * callers: it is 1, and above 3 already with 1,000 callers if each decision wakes all of them.
 */
const BOUNDS = { fromDecided: 5, fromSent: 40, byMany: 3, kibPerCaller: 40 }

export const waitingCallers: Measurement = {
  name: 'authentication-requests',
  run: async () =>
    reportOf(await measureWaiting({ callers: 5_000, inFlight: 20, seed: 4, timeoutMs: 5 * 60_000 })),
}

export function reportOf(figures: WaitingFigures): Report {
  const { callers, approved, denied, bare } = figures
  const bareP99 = percentile(bare, 0.99)
  const ratio = (times: readonly number[]) => percentile(times, 0.99) / bareP99
  return {
    title: `${callers} callers wait at once on one server process (${availableParallelism()} cores), decided in random order`,
    figures: [
      { what: 'answered as decided', value: `${approved} approved, ${denied} denied` },
      { what: 'until all of them wait', value: seconds(figures.acceptMs) },
      { what: 'until all are decided', value: seconds(figures.decideMs) },
      { what: 'bare HTTP request, p50 and p99', value: spread(bare) },
      { what: 'decision sent to decision answered', value: spread(figures.decisions) },
      { what: 'decision answered to caller answered', value: spread(figures.fromDecided) },
      { what: 'decision sent to caller answered', value: spread(figures.fromSent) },
    ],
    bounded: [
      { what: 'callers without their answer', value: callers - approved - denied, bound: 0 },
      { what: 'callers with another answer', value: figures.wronglyAnswered, bound: 0 },
      { what: 'callers answered before the decision', value: figures.answeredEarly, bound: 0 },
      {
        what: 'p99, decision answered to caller answered ÷ bare',
        value: ratio(figures.fromDecided),
        bound: BOUNDS.fromDecided,
      },
      {
        what: 'p99, decision sent to caller answered ÷ bare',
        value: ratio(figures.fromSent),
        bound: BOUNDS.fromSent,
      },
      {
        what: 'p50 of the same ÷ with few callers waiting',
        value: percentile(figures.fromSent, 0.5) / percentile(figures.fromSentOfFew, 0.5),
        bound: BOUNDS.byMany,
      },
      {
        what: 'memory of the server per waiting caller',
        value: figures.memoryPerCaller / 1_024,
        bound: BOUNDS.kibPerCaller,
        unit: 'KiB',
      },
    ],
  }
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
const spread = (times: readonly number[]) =>
  `${percentile(times, 0.5).toFixed(1)} ms, ${percentile(times, 0.99).toFixed(1)} ms`
