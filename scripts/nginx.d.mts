/** Types of nginx.mjs. */
export interface Nginx {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Idempotent. */
  stop(): Promise<void>
}

export function startNginx(options: {
  readonly ports: readonly number[]
  readonly port?: number
}): Promise<Nginx>
