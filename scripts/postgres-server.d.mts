/** Types of postgres-server.mjs, for the tests that use it. */
export interface PostgresServer {
  /** `postgres://…`, with a password. */
  readonly url: string
  /** Shuts the server down and deletes its folder. Idempotent. */
  stop(): Promise<void>
}

export function startPostgresServer(): Promise<PostgresServer>
