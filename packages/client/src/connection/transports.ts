/**
 * Socket.IO's transports: WebSocket, and once an attempt has failed long polling as well, whose code is loaded then. What
 * fails at once, e.g. a WebSocket that a proxy refuses, is followed by the other in the same attempt.
 */
import { type ManagerOptions, NodeWebSocket } from 'socket.io-client'

type Transports = Extract<ManagerOptions['transports'], readonly (new (...options: never[]) => unknown)[]>

/** Rejects if the code cannot be loaded. */
export type LoadPolling = () => Promise<Pick<typeof import('./polling-transport.ts'), 'NodeXHR'>>

export interface TransportChoice {
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
    list: () => (startsByPolling ? [...polling, WebSockets] : [WebSockets, ...polling]),
    failed,
  }
}

/**
 * Tells of one that cannot be made, as where the browser has none or a policy forbids it. The library tells of that before
 * it listens, and would wait until the attempt has taken too long.
 */
class WebSockets extends NodeWebSocket {
  override doOpen() {
    super.doOpen()
    if (!this.ws) setTimeout(() => this.onError('refused', null))
    return this
  }
}
