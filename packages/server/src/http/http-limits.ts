/**
 * Limits of HTTP requests that an application may set. Apart from the routes: the types of a library that they use want
 * those of other runtimes, which an application does not have.
 */

export interface HttpLimits {
  /** Attempts to sign in to the console per minute and address. Default 20. */
  readonly signInsPerMinute: number
  /** REST requests per minute and address. Default 1200. */
  readonly restRequestsPerMinute: number
  /** Requests for files, and pieces of uploads, per minute and address. Default 1200. */
  readonly fileRequestsPerMinute: number
  /** Time within which the database has to answer for `/readyz`. Milliseconds, default 2000. */
  readonly pingTimeoutMs: number
  /** Time for which the answer of `/readyz`, a write, is kept. Milliseconds, default 1000. */
  readonly pingEveryMs: number
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  signInsPerMinute: 20,
  restRequestsPerMinute: 1200,
  fileRequestsPerMinute: 1200,
  pingTimeoutMs: 2000,
  pingEveryMs: 1000,
}
