/** Types of postgres-server.mjs, for the tests that use it. */
export interface PostgresServer {
  /** `postgres://…`, with a password. */
  readonly url: string
  /** Its first process, the parent of the others. */
  readonly pid: number
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  /** Shuts the server down and deletes its folder. Idempotent. */
  stop(): Promise<void>
}

export function startPostgresServer(): Promise<PostgresServer>
