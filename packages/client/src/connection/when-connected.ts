/** Waiting for a connection to be made, or to be given up. */
import { ChatError } from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'

interface Observable {
  readonly state: ConnectionState
  on(name: 'state', listener: (state: ConnectionState) => void): () => void
}

type Settled = Extract<ConnectionState, { status: 'connected' | 'closed' }>

/** Resolves with the first of `connected` and `closed`. A connection that is closed for good tells `closed` once. */
export function whenConnectedOrClosed(connection: Observable): Promise<Settled> {
  return new Promise((resolve) => {
    const settle = (state: ConnectionState) => {
      if (state.status !== 'connected' && state.status !== 'closed') return
      off()
      resolve(state)
    }
    const off = connection.on('state', settle)
    settle(connection.state)
  })
}

/** Resolves when connected; rejects when the connection is given up, with the code why. */
export async function whenConnected(connection: Observable): Promise<void> {
  const state = await whenConnectedOrClosed(connection)
  if (state.status === 'connected') return
  const code = state.reason ?? 'closed'
  throw new ChatError(code, `not connected: ${code}`)
}
