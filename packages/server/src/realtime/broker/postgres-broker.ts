/**
 * PostgreSQL alone as the broker, by its notifications. On connections of their own: within a message's transaction a
 * notification holds a lock of the whole database server until the commit.
 */
import { createAdapter } from '@socket.io/postgres-adapter'
import pLimit from 'p-limit'
import pg from 'pg'
import type { Logger } from 'pino'
import { problemOf } from '../../storage/database-problem.ts'
import type { Broker } from './broker.ts'

const TABLE = 'broadcast_attachments'
/** Time in which PostgreSQL takes a notification; delivery on this node comes after it. Milliseconds. */
const ANSWER_MS = 1_000
/** Time in which a connection to listen has to be there: nothing waits for it. Milliseconds. */
const LISTEN_MS = 5_000
/** A notification has fewer than 8,000 bytes; longer events are read from the table. */
const NOTIFICATION_BYTES = 7_900
/** Each namespace publishes at least every 5 s, so a failure is repeated until this time is over. Milliseconds. */
const FAILURE_MS = 10_000

export async function createPostgresBroker({
  databaseUrl,
  logger,
}: {
  readonly databaseUrl: string
  readonly logger: Logger
}): Promise<Broker> {
  let failedAt = Number.NEGATIVE_INFINITY
  let isClosed = false
  const isConnected = () => performance.now() - failedAt > FAILURE_MS
  const failed = (error: unknown) => {
    if (isConnected() && !isClosed)
      logger.error(
        { problem: problemOf(error) },
        'PostgreSQL takes no notifications: devices on other servers are told at the next head',
      )
    failedAt = performance.now()
  }

  const config: pg.ClientConfig = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  }
  const listener = createListener({
    ...config,
    connectionTimeoutMillis: LISTEN_MS,
    query_timeout: LISTEN_MS,
  })
  const publisher = createPublisher(config)
  await createTable(publisher).catch(failed)

  // The adapter uses these two methods of a pool.
  const pool = { connect: listener.connect, query: publisher.query } as unknown as pg.Pool
  return {
    adapter: createAdapter(pool, {
      channelPrefix: 'chat_widget',
      tableName: TABLE,
      payloadThreshold: NOTIFICATION_BYTES,
      errorHandler: failed,
    }) as unknown as Broker['adapter'],
    isConnected,
    async close() {
      isClosed = true
      await Promise.all([listener.end(), publisher.end()])
    },
  }
}

/** One connection, so that events keep their order. */
function createPublisher(config: pg.PoolConfig) {
  const pool = new pg.Pool({ ...config, max: 1 })
  // Without these listeners a broken connection would end the process: see postgres-database.ts.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const prepared = new WeakSet<pg.PoolClient>()
  return {
    async query(sql: string, values?: unknown[]): Promise<pg.QueryResult> {
      const client = await pool.connect()
      try {
        // What is lost is fetched later, so nothing waits for the disk.
        if (!prepared.has(client)) await client.query('set synchronous_commit to off')
        prepared.add(client)
        const result = await client.query(sql, values)
        client.release()
        return result
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    end: () => pool.end(),
  }
}

/** Connects to listen, again after each loss, for which a pool would keep the lost connection's place. */
function createListener(config: pg.ClientConfig) {
  let current: pg.Client | null = null
  const end = async () => {
    const last = current
    current = null
    // Or the adapter would connect once more.
    last?.removeAllListeners('end')
    await last?.end().catch(() => undefined)
  }
  return {
    end,
    async connect() {
      await end()
      const client = new pg.Client(config)
      current = client
      client.on('error', () => undefined)
      await client.connect()
      // The adapter subscribes to several channels without waiting, which the next major release of `pg` refuses.
      const inTurn = pLimit(1)
      const query = client.query.bind(client) as (sql: string) => Promise<pg.QueryResult>
      return Object.assign(client, {
        query: (sql: string) => inTurn(() => query(sql)),
        release: () => void end(),
      })
    },
  }
}

/** Not logged by PostgreSQL, as rows are of no use after a crash. */
async function createTable(pool: Pick<ReturnType<typeof createPublisher>, 'query'>): Promise<void> {
  const sql = `create unlogged table if not exists ${TABLE} (
    id bigserial unique, created_at timestamptz default now(), payload bytea)`
  // Of two servers that start at once, one may fail for the other's sake.
  await pool.query(sql).catch(() => pool.query(sql))
}
