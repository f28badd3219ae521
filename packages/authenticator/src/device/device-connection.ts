/** What the device needs of a connection. */
import type { Connection, ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticatorToServerEvents, ServerToAuthenticatorEvents } from '@chat-widget/protocol'

export type DeviceConnection = Pick<
  Connection<ServerToAuthenticatorEvents, AuthenticatorToServerEvents>,
  'state' | 'on' | 'onEvent' | 'request' | 'start' | 'stop' | 'close'
>

/** Resolves when a connection that is being made stands, or could not be made; one that was lost is not waited for. */
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
