/** Connects the broker that the configuration names. */
import type { Logger } from 'pino'
import type { ServerConfig } from '../../config/config.ts'
import type { ServerKeyStorage } from '../../storage/authentication-request-storage.ts'
import type { Broker } from './broker.ts'

export interface BrokerOptions {
  readonly config: Pick<ServerConfig, 'databaseUrl' | 'redisUrl'>
  readonly serverKeys: ServerKeyStorage
  readonly logger: Logger
}

/** Resolves with `null` on SQLite, which one process holds. A broker that is away keeps no server from starting. */
export async function connectBroker({
  config: { databaseUrl, redisUrl },
  serverKeys,
  logger,
}: BrokerOptions): Promise<Broker | null> {
  if (databaseUrl === undefined) {
    if (redisUrl !== undefined)
      logger.warn(
        'a Redis address has no effect without a PostgreSQL address: one server holds an SQLite file',
      )
    return null
  }
  // Loaded here: most servers need neither.
  if (redisUrl === undefined) {
    const { createPostgresBroker } = await import('./postgres-broker.ts')
    return createPostgresBroker({ databaseUrl, logger })
  }
  // Another installation on the same Redis has other channels, and nobody can guess these.
  const installation = await serverKeys.keep('broker-channels', crypto.randomUUID(), Date.now())
  const { createRedisBroker } = await import('./redis-broker.ts')
  return createRedisBroker({ redisUrl, channelPrefix: `chat-widget:${installation}`, logger })
}
