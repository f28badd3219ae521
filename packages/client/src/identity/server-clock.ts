/** The server's clock as seen from here: device clocks are wrong, and are set, more often than one thinks. */

export interface ServerClock {
  /** Milliseconds since the epoch by the server's clock; by the device's until the server told its own. */
  now(): number
  /** Takes the server's time as just told. */
  set(serverTime: number): void
}

/**
 * Goes on by the page's own clock, which nobody sets. It may stand still while the device sleeps; then the connection
 * is made anew, and the server tells its time again.
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
