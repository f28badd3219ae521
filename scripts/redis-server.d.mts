/** Types of redis-server.mjs, for the tests that use it. */
export interface RedisServer {
  /** `redis://…`, with a password. */
  readonly url: string
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** Ends it at once. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export function startRedisServer(): Promise<RedisServer>
