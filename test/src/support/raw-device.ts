/** The protocol without the client: a device that sends exactly what a test wants. */
import {
  AGENT_NAMESPACE,
  type AgentToServerEvents,
  type Message,
  PROTOCOL_VERSION,
  type Ready,
  type Result,
  type ServerToAgentEvents,
  type ServerToVisitorEvents,
  VISITOR_NAMESPACE,
  type VisitorToServerEvents,
  type WireError,
} from '@chat-widget/protocol'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'

type VisitorSocket = Socket<ServerToVisitorEvents, VisitorToServerEvents>
export type AgentSocket = Socket<ServerToAgentEvents, AgentToServerEvents>

export class Refused extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(`${error.code}: ${error.message}`)
    this.error = error
  }
}

/** Returns the value of a result; throws `Refused` with its error. */
export function unwrap<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Refused(result.error)
  return result.value
}

type Options = Partial<ManagerOptions & SocketOptions>

function ready<Value>(socket: Socket): Promise<Value> {
  return new Promise((resolve, reject) => {
    socket.once('ready', resolve)
    socket.once('connect_error', (error) => {
      const { data } = error as { data?: WireError }
      socket.disconnect()
      reject(data === undefined ? error : new Refused(data))
    })
  })
}

export interface RawVisitor {
  readonly socket: VisitorSocket
  readonly ready: Ready
  readonly received: readonly Message[]
  send(clientId: string, text: string): Promise<Message>
  close(): void
}

/**
 * Connects a visitor's device; rejects with `Refused` if the handshake is refused. `listen` is called before it connects:
 * an event may come together with `ready`.
 */
export async function connectVisitor(
  server: string,
  handshake: object = {},
  options: Options = {},
  listen: (socket: VisitorSocket) => void = () => {},
): Promise<RawVisitor> {
  const socket: VisitorSocket = io(server + VISITOR_NAMESPACE, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocolVersion: PROTOCOL_VERSION, app: 'shop', intent: 'anonymous', ...handshake },
    ...options,
  })
  const received: Message[] = []
  socket.on('message', (message) => received.push(message))
  listen(socket)
  const told = await ready<Ready>(socket as Socket)
  return {
    socket,
    ready: told,
    received,
    async send(clientId, text) {
      const request = { conversationId: told.conversation!.id, clientId, text }
      return unwrap(await socket.timeout(60_000).emitWithAck('message:send', request as never))
    },
    close: () => socket.disconnect(),
  }
}

/** Signs an agent in as the console does; resolves with the `Cookie` header. */
export async function signInAgent(server: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${server}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

export async function connectAgent(
  server: string,
  cookie: string,
  options: Options = {},
): Promise<AgentSocket> {
  const socket: AgentSocket = io(server + AGENT_NAMESPACE, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin: server },
    auth: { protocolVersion: PROTOCOL_VERSION },
    ...options,
  })
  await ready(socket as Socket)
  return socket
}
