/** The part of a socket that a connection uses: Socket.IO's own has it, and so has one that goes through another tab. */

export interface ServerSocket {
  /** Packets held back while the socket is not connected. */
  sendBuffer: unknown[]
  on(name: 'connect' | 'disconnect', listener: () => void): unknown
  on(name: 'connect_error', listener: (error: Error) => void): unknown
  onAny(listener: (name: string, detail: unknown) => void): unknown
  off(): unknown
  offAny(): unknown
  connect(): unknown
  disconnect(): unknown
  emit(name: string, payload: unknown): unknown
  timeout(ms: number): {
    emit(name: string, payload: unknown, answer: (error: Error | null, reply?: unknown) => void): unknown
  }
}

/** The other tabs of the visitor, which share one socket. */
export interface OtherTabs {
  /** A socket that goes through another tab; `null`: this tab is to have its own. */
  find(): Promise<ServerSocket | null>
  /** Resolves when it is sure that this tab still has the socket that the others share; at once where it is. */
  confirm(): Promise<void> | undefined
  /** The server told something. */
  told(name: string, detail: unknown): void
}
