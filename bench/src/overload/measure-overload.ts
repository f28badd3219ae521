/**
 * One kind of flood beside well-behaved visitors, measured before and during it on the same server. Server, flood and
 * visitors are a process each, of equal priority. The flood is one thread: it uses one core, and leaves the others to
 * the server.
 */
import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ServerLoad } from '../messages.ts'
import { startMeasuredServer } from '../server-process.ts'
import type { Flood, FloodCounts, FloodSetup } from './flood-main.ts'
import { connectVisitor } from './visitor.ts'

export interface OverloadOptions {
  readonly flood: Flood
  readonly visitors: number
  readonly beforeMs: number
  readonly duringMs: number
  readonly timeoutMs: number
}

/** Times are milliseconds, memory is bytes. */
export interface OverloadFigures {
  readonly before: readonly number[]
  readonly during: readonly number[]
  readonly flood: FloodCounts
  /** Load of the server during the flood. */
  readonly load: ServerLoad
  readonly memoryBefore: number
  /** Maximum during the flood. */
  readonly memoryDuring: number
  /** Minimum within `RECOVERY_MS` after it. */
  readonly memoryAfter: number
}

const RECOVERY_MS = 10_000
/** Address of the flooders; the visitors have one each. */
const FLOODED_FROM = '203.0.113.7'

export async function measureOverload(options: OverloadOptions): Promise<OverloadFigures> {
  const { flood, beforeMs, duringMs } = options
  const signal = AbortSignal.timeout(options.timeoutMs)
  const server = await startMeasuredServer(new URL('./server-main.js', import.meta.url), {}, signal)
  const visitors = await Promise.all(
    Array.from({ length: options.visitors }, (_, n) => connectVisitor(server.url, `198.51.100.${n + 1}`)),
  )
  const measure = async (forMs: number) =>
    (await Promise.all(visitors.map((visitor) => visitor.measure(forMs)))).flat()
  let flooding: Flooding | null = null
  try {
    // Not measured: code is being compiled.
    await measure(2_000)
    const before = await measure(beforeMs)
    const memoryBefore = await server.memory()
    flooding = await startFlood({ url: server.url, address: FLOODED_FROM, flood }, signal)
    let isOver = false
    let memoryDuring = 0
    const watching = (async () => {
      while (!isOver) {
        memoryDuring = Math.max(memoryDuring, await server.memory(false))
        await sleep(500)
      }
    })()
    await server.load()
    flooding.go()
    const during = await measure(duringMs)
    const load = await server.load()
    isOver = true
    await watching
    const counts = await flooding.counts()
    await flooding.end()
    let memoryAfter = Number.POSITIVE_INFINITY
    const until = performance.now() + RECOVERY_MS
    do {
      await sleep(500)
      memoryAfter = Math.min(memoryAfter, await server.memory())
    } while (memoryAfter > memoryBefore && performance.now() < until)
    return { before, during, load, flood: counts, memoryBefore, memoryDuring, memoryAfter }
  } finally {
    await flooding?.end()
    for (const visitor of visitors) visitor.close()
    await server.close()
  }
}

interface Flooding {
  go(): void
  counts(): Promise<FloodCounts>
  end(): Promise<void>
}

async function startFlood(setup: FloodSetup, signal: AbortSignal): Promise<Flooding> {
  const path = fileURLToPath(new URL('./flood-main.js', import.meta.url))
  const child = fork(path, [JSON.stringify(setup)], {
    // Compiles and collects garbage on its one thread, not on a second core.
    execArgv: ['--single-threaded'],
    signal,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failed = new Promise<never>((_resolve, reject) => {
    child.on('error', reject)
    child.once('exit', () => reject(new Error('the flood ended by itself')))
  })
  failed.catch(() => undefined)
  const message = () =>
    Promise.race([new Promise<unknown>((resolve) => child.once('message', resolve)), failed])
  await message()
  return {
    go: () => void child.send('go'),
    counts() {
      const answer = message()
      child.send('counts')
      return answer as Promise<FloodCounts>
    },
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
