/** Redis 7 or Valkey as the broker, by sharded publish and subscribe: a node gets the events of its own rooms alone. */
import { createShardedAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { fullJitterMs, type JitterBounds } from '../../full-jitter.ts'
import { within } from '../../within.ts'
import type { Broker } from './broker.ts'

export interface RedisBrokerOptions {
  readonly redisUrl: string
  /** Beginning of the names of all channels. */
  readonly channelPrefix: string
  readonly logger: Logger
  /** Time in which Redis answers a command; delivery on this node comes after publishing. Milliseconds, default 1000. */
  readonly answerMs?: number
}

const RECONNECT: JitterBounds = { baseMs: 200, capMs: 5_000 }
/** Time that a start waits for the connection. Milliseconds. */
const START_MS = 5_000
const ANSWER_MS = 1_000
/** Channels in one command after a reconnect. */
const CHANNELS_AT_ONCE = 500

export async function createRedisBroker({
  redisUrl,
  channelPrefix,
  logger,
  answerMs = ANSWER_MS,
}: RedisBrokerOptions): Promise<Broker> {
  const [publisher, subscriber] = [createClient(redisUrl, answerMs), createClient(redisUrl, answerMs)]
  const isConnected = () => publisher.status === 'ready' && subscriber.status === 'ready'
  const subscriptions = createSubscriptions(subscriber, (error) =>
    logger.error(
      { problem: problemOf(error) },
      'Redis refuses a subscription; it has to be Redis 7 or Valkey',
    ),
  )

  let state: 'starting' | 'away' | 'connected' | 'closed' = 'starting'
  const lost = (problem: string) => {
    if (state === 'away' || state === 'closed') return
    state = 'away'
    logger.error({ problem }, 'Redis is away: devices on other servers are told at the next head')
  }
  const ready = () => {
    if (!isConnected() || state === 'closed') return
    state = 'connected'
    logger.info('connected to Redis')
  }
  for (const client of [publisher, subscriber]) {
    client.on('error', (error: Error) => lost(problemOf(error)))
    client.on('close', () => lost('the connection was closed'))
  }
  subscriber.on('ready', () => subscriptions.renew())
  for (const client of [publisher, subscriber]) client.on('ready', ready)
  await within(
    Promise.all([publisher.connect(), subscriber.connect()]).catch(() => undefined),
    START_MS,
  )

  return {
    adapter: createShardedAdapter(createPublications(publisher), subscriptions, {
      channelPrefix,
      subscriptionMode: 'dynamic',
    }) as unknown as Broker['adapter'],
    isConnected,
    async close() {
      state = 'closed'
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

/** Refuses commands while Redis is away: waiting would stop delivery on this node, and fill the memory. */
const createClient = (redisUrl: string, answerMs: number): Redis =>
  new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    commandTimeout: answerMs,
    retryStrategy: (times) => fullJitterMs(times, RECONNECT),
  })

/**
 * The adapter's client to subscribe with. Keeps what is wanted, so that a reconnect renews it, and takes the refusals,
 * which the adapter would leave unhandled.
 */
function createSubscriptions(client: Redis, refused: (error: Error) => void) {
  const channels = new Set<string>()
  const send = (command: () => Promise<unknown>) => {
    if (client.status !== 'ready') return
    command().catch((error: Error) => {
      // With the connection lost, `renew` makes up for it.
      if (client.status === 'ready') refused(error)
    })
  }
  return {
    on(event: string, listener: (...args: unknown[]) => void): void {
      client.on(event, listener)
    },
    ssubscribe(channel: string): void {
      channels.add(channel)
      send(() => client.ssubscribe(channel))
    },
    sunsubscribe(channel: string): void {
      channels.delete(channel)
      send(() => client.sunsubscribe(channel))
    },
    renew(): void {
      const all = [...channels]
      for (let from = 0; from < all.length; from += CHANNELS_AT_ONCE)
        send(() => client.ssubscribe(...all.slice(from, from + CHANNELS_AT_ONCE)))
    },
  }
}

/** The adapter's client to publish with. */
const createPublications = (client: Redis) => ({
  spublish: (channel: string, message: string | Buffer) => client.spublish(channel, message),
  /** Answers with the number of nodes. A failure, which the adapter would leave unhandled, is one: this. */
  send_command(command: string, args: string[], answer: (error: null, reply: unknown) => void): void {
    client.call(command, ...args).then(
      (reply) => answer(null, reply),
      () => answer(null, ['', '1']),
    )
  },
})

/** Without the address, which may hold a password. */
const problemOf = (error: Error & { readonly code?: string }): string => error.code ?? error.message
