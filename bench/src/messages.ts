/** Messages between the server's process and the measuring one. */

/** Setup of the server; passed to its process as JSON, its only argument. */
export interface ServerSetup {
  readonly dataDir: string
  /** PostgreSQL instead of SQLite. */
  readonly databaseUrl?: string
  readonly redisUrl?: string
  readonly apiKeyHash?: string
  /** Requests and waits allowed to the callers' one address. */
  readonly allowed?: number
}

export type FromServer =
  | { readonly kind: 'listening'; readonly url: string }
  /** Replaces the mail to the person asked. */
  | { readonly kind: 'link'; readonly id: string; readonly link: string }
  | { readonly kind: 'memory'; readonly bytes: number }
  | { readonly kind: 'load'; readonly load: ServerLoad }

/** Load since the last request for it. */
export interface ServerLoad {
  /** CPU time of all threads of the process. */
  readonly cpuMs: number
  /** The lateness of timers, in milliseconds. */
  readonly loopMs: { readonly p99: number; readonly longest: number }
}

export type ToServer =
  | { readonly kind: 'memory'; readonly collect: boolean }
  | { readonly kind: 'load' }
  | { readonly kind: 'close' }
