/** Counters of nodes in Redis or in PostgreSQL, by rate-limiter-flexible. */
import { createHash } from 'node:crypto'
import { handleWhen } from 'cockatiel'
import type { Logger } from 'pino'
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import { fullJitterMs, type JitterBounds } from '../full-jitter.ts'
import { createRestingBreaker } from '../outbound/resting-breaker.ts'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'
import { within } from '../within.ts'
import type { CounterName, NodeCounters } from './node-counters.ts'
import type { Rate } from './token-bucket.ts'

export interface CountersOptions {
  readonly databaseUrl: string
  /** Default: PostgreSQL counts, what is rare. */
  readonly redisUrl?: string | undefined
  readonly serverKeys: ServerKeyStorage
  readonly logger: Logger
}

interface Store {
  readonly name: 'Redis' | 'PostgreSQL'
  limiter(options: IRateLimiterOptions): RateLimiterAbstract
  readonly counts: (name: CounterName) => boolean
  close(): Promise<void>
}

/** Time in which the store answers; a connection, or a request, waits for it. Milliseconds. */
const ANSWER_MS = 500
/** Time for which a store that failed is not asked. Milliseconds. */
const AWAY_MS = 5_000
/** Time that a start waits for the connection. Milliseconds. */
const START_MS = 5_000
const RECONNECT: JitterBounds = { baseMs: 200, capMs: 5_000 }
const CONNECTIONS = 2
const TABLE = 'rate_limits'

export async function connectCounters(options: CountersOptions): Promise<NodeCounters> {
  const { databaseUrl, redisUrl, serverKeys, logger } = options
  const store = await (redisUrl === undefined
    ? openPostgres(databaseUrl)
    : openRedis(redisUrl, await serverKeys.keep('limits', crypto.randomUUID(), Date.now())))
  return createStoredCounters(store, logger)
}

function createStoredCounters(store: Store, logger: Logger): NodeCounters {
  /** By name and rate, of which a configuration has few. */
  const limiters = new Map<string, RateLimiterAbstract>()
  const breaker = createRestingBreaker({
    restMs: AWAY_MS,
    // A refusal is an answer.
    failures: handleWhen((error) => !(error instanceof RateLimiterRes)),
  })
  breaker.onBreak((reason) =>
    logger.warn(
      { problem: 'error' in reason ? reason.error.message : 'unknown' },
      `${store.name} does not count: limits hold on each server by itself`,
    ),
  )

  function limiterOf(name: CounterName, { burst, perSecond }: Rate): RateLimiterAbstract {
    const keyPrefix = `${name} ${burst} ${perSecond}`
    const known = limiters.get(keyPrefix)
    if (known !== undefined) return known
    // A bucket allows its burst, and as much again while it fills: a window is never stricter than one node alone.
    const duration = Math.max(1, Math.ceil(burst / perSecond))
    const made = store.limiter({ keyPrefix, points: Math.ceil(2 * burst), duration })
    limiters.set(keyPrefix, made)
    return made
  }

  return {
    async take(name, key, rate) {
      if (!store.counts(name)) return 0
      const late = () => new Error(`no answer within ${ANSWER_MS} ms`)
      try {
        await breaker.execute(() => within(limiterOf(name, rate).consume(hashOf(key)), ANSWER_MS, late))
        return 0
      } catch (error) {
        return error instanceof RateLimiterRes ? Math.max(1, error.msBeforeNext) : 0
      }
    },
    async giveBack(name, key, rate) {
      if (!store.counts(name)) return
      await breaker.execute(() => limiterOf(name, rate).reward(hashOf(key))).catch(() => undefined)
    },
    close: store.close,
  }
}

/** Neither addresses nor emails are kept in the store. */
const hashOf = (key: string) => createHash('sha256').update(key).digest('base64url')

async function openRedis(redisUrl: string, installation: string): Promise<Store> {
  const { Redis } = await import('ioredis')
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: ANSWER_MS,
    retryStrategy: (times) => fullJitterMs(times, RECONNECT),
  })
  // The broker's connections say that Redis is away.
  client.on('error', () => undefined)
  await within(
    client.connect().catch(() => undefined),
    START_MS,
  )
  return {
    name: 'Redis',
    limiter: ({ keyPrefix = '', ...options }) =>
      new RateLimiterRedis({
        ...options,
        keyPrefix: `chat-widget:${installation}:${keyPrefix}`,
        storeClient: client,
        rejectIfRedisNotReady: true,
      }),
    counts: () => true,
    close: async () => client.disconnect(),
  }
}

async function openPostgres(databaseUrl: string): Promise<Store> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    // Longer than ANSWER_MS, for which a count waits: the next one finds the connection made.
    connectionTimeoutMillis: START_MS,
    idleTimeoutMillis: 0,
    query_timeout: ANSWER_MS,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  // The first count would wait for its connection, and give up on a busy machine.
  const connected = pool.connect().then((client) => client.release())
  await within(
    connected.catch(() => undefined),
    START_MS,
  )
  return {
    name: 'PostgreSQL',
    limiter: (options) =>
      new RateLimiterPostgres({
        ...options,
        storeClient: pool,
        storeType: 'pool',
        tableName: TABLE,
        tableCreated: true,
        clearExpiredByTimeout: true,
      }),
    counts: (name) => name !== 'connections',
    close: () => pool.end(),
  }
}
