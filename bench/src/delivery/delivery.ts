/** `pnpm bench delivery`: what a message costs the server, beside a bare Socket.IO relay that stores nothing. */
import { startPostgresServer } from '../../../scripts/postgres-server.mjs'
import { startRedisServer } from '../../../scripts/redis-server.mjs'
import { type Crossing, crossingFigures, measureCrossing } from '../faults/crossing.ts'
import { startBenchServers } from '../faults/setup.ts'
import type { Measurement, Report } from '../measurement.ts'
import { requireOpenFiles } from '../open-files.ts'
import { percentile } from '../percentile.ts'
import {
  type DeliveryFigures,
  type DeliveryOptions,
  type DeliverySubject,
  measureIdle,
  openSubject,
} from './measure-delivery.ts'
import { measureSustained, sustainedOptions, sustainedReportOf } from './sustained.ts'

const OPTIONS: DeliveryOptions = { visitors: 400, turnMs: 2_000, timeoutMs: 600_000 }
const SUBJECTS = 4
const IDLE = 4_000
/** Each is measured so often, in turns. */
const ROUNDS = 9
const CROSSINGS = 500
const BOUNDS = { cpu: 4, memory: 1.5 }

export const delivery: Measurement = {
  name: 'delivery',
  async run() {
    const sustained = sustainedOptions(process.env)
    if (sustained !== null) return sustainedReportOf(await measureSustained(sustained), sustained)
    requireOpenFiles(Math.max(2 * SUBJECTS * OPTIONS.visitors, IDLE))
    const rounds = await measureRounds(OPTIONS)
    const idle = {
      relay: await measureIdle({ kind: 'relay' }, IDLE, OPTIONS.timeoutMs),
      sqlite: await measureIdle({ kind: 'sqlite' }, IDLE, OPTIONS.timeoutMs),
    }
    return deliveryReportOf({ rounds, idle, crossing: await measureNodes() })
  },
}

interface DeliveryRound {
  readonly relay: DeliveryFigures
  readonly sqlite: DeliveryFigures
  readonly postgres: DeliveryFigures
  readonly twoNodes: DeliveryFigures
}

/**
 * Each has a short turn in each round: a machine's speed changes within a minute, and a round's ratios compare what was
 * measured at one speed.
 */
async function measureRounds({ turnMs, ...options }: DeliveryOptions): Promise<readonly DeliveryRound[]> {
  const [one, two, redis] = await Promise.all([
    startPostgresServer(),
    startPostgresServer(),
    startRedisServer(),
  ])
  const open: DeliverySubject[] = []
  const opening = async (subject: Parameters<typeof openSubject>[0]) => {
    const opened = await openSubject(subject, options)
    open.push(opened)
    return opened
  }
  try {
    const relay = await opening({ kind: 'relay' })
    const sqlite = await opening({ kind: 'sqlite' })
    const postgres = await opening({ kind: 'postgres', database: one })
    const twoNodes = await opening({ kind: 'postgres', database: two, redisUrl: redis.url })
    const rounds: DeliveryRound[] = []
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push({
        relay: await relay.measure(turnMs),
        sqlite: await sqlite.measure(turnMs),
        postgres: await postgres.measure(turnMs),
        twoNodes: await twoNodes.measure(turnMs),
      })
    return rounds
  } finally {
    await Promise.all(open.map((subject) => subject.close()))
    await Promise.all([one.stop(), two.stop(), redis.stop()])
  }
}

async function measureNodes(): Promise<Crossing> {
  const servers = await startBenchServers(2, 'redis')
  try {
    return await measureCrossing(servers, CROSSINGS)
  } finally {
    await servers.close()
  }
}

interface DeliveryResults {
  readonly rounds: readonly DeliveryRound[]
  /** Resident memory of an idle connection. Bytes. */
  readonly idle: { readonly relay: number; readonly sqlite: number }
  readonly crossing: Crossing
}

export function deliveryReportOf({ rounds, idle, crossing }: DeliveryResults): Report {
  const of = (subject: keyof DeliveryRound, figure: (figures: DeliveryFigures) => number) =>
    percentile(
      rounds.map((round) => figure(round[subject])),
      0.5,
    )
  const cpu = (subject: keyof DeliveryRound) => of(subject, ({ cpuMs }) => cpuMs)
  const micros = (ms: number) => `${Math.round(ms * 1_000)} µs`
  const figuresOf = (subject: keyof DeliveryRound) => {
    const databaseMs = of(subject, (figures) => figures.databaseMs)
    return [
      `${micros(cpu(subject))} a message at ${Math.round(of(subject, ({ rate }) => rate))} a second`,
      ...(databaseMs === 0 ? [] : [`PostgreSQL itself ${micros(databaseMs)}`]),
      `answered after ${[0.5, 0.99].map((share) => of(subject, ({ times }) => percentile(times, share)).toFixed(1)).join(' and ')} ms (p50, p99)`,
    ].join(', ')
  }
  const ratio = (subject: keyof DeliveryRound) =>
    percentile(
      rounds.map((round) => round[subject].cpuMs / round.relay.cpuMs),
      0.5,
    )
  const nodes = crossingFigures(crossing)
  return {
    title: `delivery: a stored message beside a bare relay's, median of ${rounds.length}`,
    figures: [
      { what: 'bare Socket.IO relay', value: figuresOf('relay') },
      { what: 'SQLite', value: figuresOf('sqlite') },
      { what: 'PostgreSQL', value: figuresOf('postgres') },
      { what: 'PostgreSQL and Redis, two servers', value: figuresOf('twoNodes') },
      { what: 'CPU of a message, two servers together ÷ relay', value: ratio('twoNodes').toFixed(2) },
      {
        what: 'memory of an idle connection',
        value: `${(idle.sqlite / 1_024).toFixed(1)} KiB, of the relay's ${(idle.relay / 1_024).toFixed(1)} KiB`,
      },
      ...nodes.figures,
    ],
    bounded: [
      { what: 'CPU of a message, SQLite ÷ relay', value: ratio('sqlite'), bound: BOUNDS.cpu },
      { what: 'CPU of a message, PostgreSQL ÷ relay', value: ratio('postgres'), bound: BOUNDS.cpu },
      {
        what: 'memory of an idle connection, SQLite ÷ relay',
        value: idle.sqlite / idle.relay,
        bound: BOUNDS.memory,
      },
      ...nodes.bounded,
    ],
  }
}
