import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../../../scripts/postgres-server.mjs'
import { type RedisServer, startRedisServer } from '../../../../scripts/redis-server.mjs'
import { openStorage } from '../storage/open-storage.ts'
import { connectCounters } from './stored-counters.ts'

let redis: RedisServer
let postgres: PostgresServer
beforeAll(async () => {
  ;[redis, postgres] = await Promise.all([startRedisServer(), startPostgresServer()])
})
afterAll(() => Promise.all([redis?.stop(), postgres?.stop()]))

/** Twice as much in a window: what one bucket allows that fills meanwhile. */
const RATE = { burst: 3, perSecond: 3 / 600 }
const allowed = (waits: readonly number[]) => waits.filter((ms) => ms === 0).length

async function startNodes(redisUrl?: string) {
  const storage = await openStorage({ dataDir: '', databaseUrl: postgres.url })
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const connect = () =>
    connectCounters({ databaseUrl: postgres.url, redisUrl, serverKeys: storage.serverKeys, logger })
  const nodes = [await connect(), await connect()] as const
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await storage.close()
  })
  /** Takes in turn on both nodes. */
  const take = async (key: string, times: number, name: 'sign-ins' | 'connections' = 'sign-ins') => {
    const waits: number[] = []
    for (let time = 0; time < times; time += 1)
      waits.push(await (nodes[time % 2] as (typeof nodes)[0]).take(name, key, RATE))
    return waits
  }
  return { nodes, take, log: () => lines.join('') }
}

describe.each(['Redis', 'PostgreSQL'] as const)('[DL9] limits of several nodes in %s', (name) => {
  it('count together, each key by itself, and take back what was right', async () => {
    const { nodes, take } = await startNodes(name === 'Redis' ? redis.url : undefined)
    const waits = await take('ann@example.com', 10)
    expect(allowed(waits)).toBe(6)
    expect(waits.at(-1)).toBeGreaterThan(500_000)
    expect(allowed(await take('bea@example.com', 1))).toBe(1)
    expect(allowed(await take('cas@example.com', 6))).toBe(6)
    await nodes[0].giveBack('sign-ins', 'cas@example.com', RATE)
    expect(allowed(await take('cas@example.com', 3))).toBe(1)
  })
})

it('[DL9] connections are counted by Redis alone: they would be a query each', async () => {
  const { take } = await startNodes()
  expect(allowed(await take('192.0.2.1', 20, 'connections'))).toBe(20)
})

it('[DL9] while the store is away each node counts by itself, at once, and says so once; then it is asked again', async () => {
  const { take, log } = await startNodes(redis.url)
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  expect(allowed(await take('dan@example.com', 14))).toBe(6)
  await redis.kill()
  expect(allowed(await take('dan@example.com', 20))).toBe(20)
  // Once on each node.
  expect(log().split('does not count')).toHaveLength(3)
  await redis.start()
  // However the clock is set.
  vi.setSystemTime(Date.now() - 3_600_000)
  const again = async () => {
    vi.advanceTimersByTime(5_000)
    return allowed(await take(randomUUID(), 14))
  }
  await expect.poll(again).toBe(6)
})
