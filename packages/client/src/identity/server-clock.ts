/** The server's clock as seen from here: device clocks are wrong more often than one thinks. */

export interface ServerClock {
  /** Milliseconds since the epoch by the server's clock; the device's until the server told its own. */
  now(): number
  /** Takes the server's time as just told. */
  set(serverTime: number): void
}

export function createServerClock(): ServerClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    set(serverTime) {
      offset = serverTime - Date.now()
    },
  }
}
