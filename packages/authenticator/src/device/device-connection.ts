/** The part of a connection that the device uses. */
import type { Connection, ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticatorToServerEvents, ServerToAuthenticatorEvents } from '@chat-widget/protocol'

export type DeviceConnection = Pick<
  Connection<ServerToAuthenticatorEvents, AuthenticatorToServerEvents>,
  'state' | 'on' | 'onEvent' | 'request' | 'start' | 'stop' | 'close'
>

/** Resolves when a connection that is being made is open, or has failed; does not wait for one that was lost. */
export function whenTried(connection: Pick<DeviceConnection, 'state' | 'on'>): Promise<void> {
  return new Promise((resolve) => {
    const settle = ({ status }: ConnectionState) => {
      if (status === 'connecting') return
      off()
      resolve()
    }
    const off = connection.on('state', settle)
    settle(connection.state)
  })
}
