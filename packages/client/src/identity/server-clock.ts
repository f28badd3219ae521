/** The server's clock as estimated here: device clocks are often wrong, and are set. */

export interface ServerClock {
  /** Milliseconds since the epoch by the server's clock; by the device's until the server sent its time. */
  now(): number
  /** Takes the server's time, just received. */
  set(serverTime: number): void
}

/**
 * Continues by the page's monotonic clock, which nobody sets. It may stop while the device sleeps; then the connection
 * is made again, and the server sends its time again.
 */
export function createServerClock(): ServerClock {
  let offset = Date.now() - performance.now()
  return {
    now: () => performance.now() + offset,
    set(serverTime) {
      offset = serverTime - performance.now()
    },
  }
}
