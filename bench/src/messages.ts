/** Messages between the server's process and the one that measures. */

/** How the server is to be set up; given to its process as JSON, its only argument. */
export interface ServerSetup {
  readonly dataDir: string
  readonly apiKeyHash?: string
  /** Requests and waits that the one address of the callers may have. */
  readonly allowed?: number
}

export type FromServer =
  | { readonly kind: 'listening'; readonly url: string }
  /** Stands for the mail: what the person asked would find in it. */
  | { readonly kind: 'link'; readonly id: string; readonly link: string }
  | { readonly kind: 'memory'; readonly bytes: number }
  | { readonly kind: 'load'; readonly load: ServerLoad }

/** Since it was asked for the last time. */
export interface ServerLoad {
  /** Of all threads of the process. */
  readonly cpuMs: number
  /** The lateness of timers, in milliseconds. */
  readonly loopMs: { readonly p99: number; readonly longest: number }
}

export type ToServer =
  | { readonly kind: 'memory'; readonly collect: boolean }
  | { readonly kind: 'load' }
  | { readonly kind: 'close' }
