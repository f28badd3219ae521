/** Waits for a connection to be open, or closed for good. */
import { ChatError } from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'

export interface ObservableConnection {
  readonly state: ConnectionState
  on(name: 'state', listener: (state: ConnectionState) => void): () => void
}

type Settled = Extract<ConnectionState, { status: 'connected' | 'closed' }>

/** Resolves with the first such state, the present one included. */
export function whenState<State extends ConnectionState>(
  connection: ObservableConnection,
  isIt: (state: ConnectionState) => state is State,
): Promise<State> {
  return new Promise((resolve) => {
    const settle = (state: ConnectionState) => {
      if (!isIt(state)) return
      off()
      resolve(state)
    }
    const off = connection.on('state', settle)
    settle(connection.state)
  })
}

/** Resolves with the first of `connected` and `closed`. A connection that is closed for good emits `closed` once. */
export const whenConnectedOrClosed = (connection: ObservableConnection): Promise<Settled> =>
  whenState(
    connection,
    (state): state is Settled => state.status === 'connected' || state.status === 'closed',
  )

/** Resolves when connected; rejects when the connection is closed for good, with its code. */
export async function whenConnected(connection: ObservableConnection): Promise<void> {
  const state = await whenConnectedOrClosed(connection)
  if (state.status === 'connected') return
  const code = state.reason ?? 'closed'
  throw new ChatError(code, `not connected: ${code}`)
}
