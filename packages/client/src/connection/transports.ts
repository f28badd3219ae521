/**
 * Socket.IO's transports: WebSocket, and once an attempt has failed long polling as well, whose code is loaded then. What
 * fails at once, e.g. a WebSocket that a proxy refuses, is followed by the other in the same attempt.
 */
import { type ManagerOptions, NodeWebSocket } from 'socket.io-client'
import { hasWebSocket } from '../browser/browser.ts'

type Transports = Extract<ManagerOptions['transports'], readonly (new (...options: never[]) => unknown)[]>

/** Rejects if the code cannot be loaded. */
export type LoadPolling = () => Promise<Pick<typeof import('./polling-transport.ts'), 'NodeXHR'>>

export interface TransportChoice {
  /** Resolves when `list()` may be called. */
  readonly prepared: Promise<unknown>
  /** For the next attempt, in the order to try them. */
  list(): Transports
  /**
   * The attempt failed; `isSilent`: nobody answered. Resolves with true if there is no other transport to try the server
   * with.
   */
  failed(isSilent: boolean): Promise<boolean>
}

export function createTransportChoice(
  load: LoadPolling = () => import('./polling-transport.ts'),
): TransportChoice {
  let polling: Transports = []
  let isLoading = false
  let startsByPolling = false
  const failed = async (isSilent: boolean) => {
    // A proxy may swallow an upgrade without an answer, and a server may not answer at all.
    if (isSilent) startsByPolling = !startsByPolling
    if (isLoading || polling.length > 0) return true
    isLoading = true
    polling = await load().then(
      ({ NodeXHR }) => [NodeXHR],
      () => [],
    )
    isLoading = false
    return polling.length === 0
  }
  return {
    // Without WebSocket, the library would wait for it until the attempt has taken too long.
    prepared: lacksWebSocket() ? failed(true) : Promise.resolve(),
    list: () => (startsByPolling ? [...polling, NodeWebSocket] : [NodeWebSocket, ...polling]),
    failed,
  }
}

/** Node 20 has no global WebSocket either, but there engine.io-client brings its own. */
const lacksWebSocket = (): boolean => typeof window !== 'undefined' && !hasWebSocket()
