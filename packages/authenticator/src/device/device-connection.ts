/** What the device needs of a connection. */
import type { Connection } from '@chat-widget/client/parts'
import type { AuthenticatorToServerEvents, ServerToAuthenticatorEvents } from '@chat-widget/protocol'

export type DeviceConnection = Pick<
  Connection<ServerToAuthenticatorEvents, AuthenticatorToServerEvents>,
  'state' | 'on' | 'onEvent' | 'request' | 'start' | 'stop' | 'close'
>
