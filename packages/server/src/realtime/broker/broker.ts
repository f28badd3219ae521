/**
 * Carries events to the sockets of other nodes on the same database. It only wakes: what it loses, devices fetch once
 * they are told the head ([DL11]).
 */
import type { ServerOptions } from 'socket.io'

export interface Broker {
  /** Makes a namespace one with those of the same name on other nodes. */
  readonly adapter: ServerOptions['adapter']
  /** True while events reach other nodes. */
  isConnected(): boolean
  close(): Promise<void>
}
