/**
 * Chooses the transport: WebSocket, until it failed twice in a row while plain HTTP to the same server worked (a proxy
 * that drops upgrades), or if the browser has none; from then on long polling, until the page is left.
 */

import type { ManagerOptions } from 'socket.io-client'
import { hasWebSocket } from '../browser/browser.ts'

export type TransportList = NonNullable<ManagerOptions['transports']>

export interface TransportChoice {
  /** Resolves when `list()` may be called. */
  readonly prepared: Promise<void>
  list(): TransportList
  opened(): void
  /** Resolves when the next transport is known; with true if the server is unreachable by any. */
  failed(): Promise<boolean>
  /** Aborts a pending check. */
  close(): void
}

const FAILURES_BEFORE_POLLING = 2
const PROBE_TIMEOUT_MS = 5_000

export function createTransportChoice(
  server: string,
  loadPolling: () => Promise<TransportList> = loadPollingChunk,
): TransportChoice {
  let transports: TransportList = ['websocket']
  let polling = false
  let failures = 0
  const closing = new AbortController()
  const usePolling = async () => {
    if (polling) return
    polling = true
    try {
      transports = await loadPolling()
    } catch {
      // The chunk could not be loaded; WebSocket remains the only choice.
      polling = false
    }
  }
  return {
    prepared: lacksWebSocket() ? usePolling() : Promise.resolve(),
    list: () => transports,
    opened() {
      failures = 0
    },
    async failed() {
      if (polling) return true
      // A server that is down answers neither: no reason to give up WebSocket.
      const answers = await answersHttp(server, closing.signal)
      failures = answers ? failures + 1 : 0
      if (failures < FAILURES_BEFORE_POLLING) return !answers
      await usePolling()
      return !polling
    },
    close: () => closing.abort(),
  }
}

async function loadPollingChunk(): Promise<TransportList> {
  const { PollingTransport } = await import('./polling-transport.ts')
  return [PollingTransport] as TransportList
}

/** Node 20 has no global WebSocket either, but there engine.io-client brings its own. */
const lacksWebSocket = (): boolean => typeof window !== 'undefined' && !hasWebSocket()

/** Sends the handshake with which long polling begins; the server drops it when no poll follows. */
async function answersHttp(server: string, closing: AbortSignal): Promise<boolean> {
  const abort = new AbortController()
  const stop = () => {
    clearTimeout(timer)
    abort.abort()
  }
  const timer = setTimeout(stop, PROBE_TIMEOUT_MS)
  closing.addEventListener('abort', stop)
  try {
    const response = await fetch(`${server}/socket.io/?EIO=4&transport=polling`, {
      cache: 'no-store',
      signal: abort.signal,
    })
    return response.ok
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', stop)
  }
}
