/**
 * Cost of an acknowledged message: processor time of a server whose visitors write at a steady rate, each with a second
 * device that is told, divided by the messages that it acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresServer } from '../../../scripts/postgres-server.mjs'
import { inFlight } from '../in-flight.ts'
import { connectRaw, type RawVisitor } from '../overload/raw-visitor.ts'
import { connectVisitor, type Visitor } from '../overload/visitor.ts'
import { processorMs } from '../processor-time.ts'
import { type MeasuredServer, startMeasuredServer } from '../server-process.ts'

export interface DeliveryOptions {
  readonly visitors: number
  /** Length of one turn. Milliseconds. */
  readonly turnMs: number
  readonly timeoutMs: number
}

/** The servers that are measured. */
type Subject =
  | { readonly kind: 'relay' }
  | { readonly kind: 'sqlite' }
  | {
      readonly kind: 'postgres'
      readonly database: Pick<PostgresServer, 'url' | 'pid'>
      /** With Redis there are two servers: the second one holds the devices that are told. */
      readonly redisUrl?: string
    }

export interface DeliveryFigures {
  /** Processor time of all threads of the server, of both where there are two. Milliseconds for each message. */
  readonly cpuMs: number
  /** Processor time of PostgreSQL. Milliseconds for each message; 0 without it. */
  readonly databaseMs: number
  /** Messages acknowledged for each second. */
  readonly rate: number
  /** From sending to acknowledgement. Milliseconds. */
  readonly times: readonly number[]
}

const RELAY = new URL('./relay-main.js', import.meta.url)
const SERVER = new URL('./server-main.js', import.meta.url)
const WARM_UP_MS = 4_000
export const CONNECTING_AT_ONCE = 25

/** Servers of a subject, with visitors who write to them. */
export interface DeliverySubject {
  measure(forMs: number): Promise<DeliveryFigures>
  close(): Promise<void>
}

export async function openSubject(
  subject: Subject,
  { visitors, timeoutMs }: Pick<DeliveryOptions, 'visitors' | 'timeoutMs'>,
): Promise<DeliverySubject> {
  const servers = await startServers(subject, AbortSignal.timeout(timeoutMs))
  const [first] = servers
  const last = servers.at(-1)
  if (first === undefined || last === undefined) throw new Error('there is no server')
  const writing: Visitor[] = []
  const opened: { close(): void }[] = []
  const send = async (during: number) =>
    (await Promise.all(writing.map((visitor) => visitor.measure(during)))).flat()
  const ofDatabase = () => (subject.kind === 'postgres' ? processorMs(subject.database.pid) : 0)
  const close = async () => {
    for (const each of opened) each.close()
    await Promise.all(servers.map((server) => server.close()))
  }
  try {
    await inFlight(addresses(visitors), CONNECTING_AT_ONCE, async (address) => {
      const visitor = await connectVisitor(first.url, address)
      const device = await connectDevice(last.url, address, visitor.session)
      writing.push(visitor)
      opened.push(visitor, { close: () => device.socket.terminate() })
    })
    // Not measured: code is being compiled.
    await send(WARM_UP_MS)
  } catch (error) {
    await close()
    throw error
  }
  return {
    async measure(forMs) {
      await Promise.all(servers.map((server) => server.load()))
      const databaseBefore = ofDatabase()
      const times = await send(forMs)
      const loads = await Promise.all(servers.map((server) => server.load()))
      const cpuMs = loads.reduce((sum, load) => sum + load.cpuMs, 0) / times.length
      const databaseMs = (ofDatabase() - databaseBefore) / times.length
      return { cpuMs, databaseMs, rate: times.length / (forMs / 1_000), times }
    },
    close,
  }
}

async function startServers(subject: Subject, signal: AbortSignal): Promise<readonly MeasuredServer[]> {
  const main = subject.kind === 'relay' ? RELAY : SERVER
  if (subject.kind !== 'postgres') return [await startMeasuredServer(main, {}, signal)]
  const { database, redisUrl } = subject
  const setup = { databaseUrl: database.url, ...(redisUrl !== undefined && { redisUrl }) }
  const first = await startMeasuredServer(main, setup, signal)
  return redisUrl === undefined ? [first] : [first, await startMeasuredServer(main, setup, signal)]
}

/** Resident memory of an idle connection: of the second half, as the first ones fill what a process keeps free. Bytes. */
export async function measureIdle(subject: Subject, connections: number, timeoutMs: number): Promise<number> {
  const [server] = await startServers(subject, AbortSignal.timeout(timeoutMs))
  if (server === undefined) throw new Error('there is no server')
  const open: RawVisitor[] = []
  const memory: number[] = []
  const half = Math.ceil(connections / 2)
  try {
    for (const some of [addresses(half), addresses(2 * half).slice(half)]) {
      await inFlight(some, CONNECTING_AT_ONCE, async (address) => {
        open.push(await connectDevice(server.url, address))
      })
      // The server's own work for new connections is over by then.
      await sleep(1_000)
      memory.push(await server.memory())
    }
    const [before = Number.NaN, after = Number.NaN] = memory
    return (after - before) / half
  } finally {
    for (const { socket } of open) socket.terminate()
    await server.close()
  }
}

export const connectDevice = (url: string, address: string, session?: string): Promise<RawVisitor> =>
  new Promise((resolve, reject) => {
    connectRaw({
      ...{ url, address, session },
      onReady: (_, visitor) => resolve(visitor),
      onClose: () => reject(new Error('a device was cut')),
    })
  })

export const addresses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `198.18.${n >> 8}.${n & 255}`)
