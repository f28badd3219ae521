/** The Socket.IO server: transports, limits, and the origins that may open a connection. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import {
  AGENT_NAMESPACE,
  type AgentToServerEvents,
  type AppId,
  AUTHENTICATOR_NAMESPACE,
  type AuthenticatorToServerEvents,
  type ErrorCode,
  LIMITS,
  type ServerToAgentEvents,
  type ServerToAuthenticatorEvents,
  type ServerToVisitorEvents,
  VISITOR_NAMESPACE,
  type VisitorToServerEvents,
  type WireError,
} from '@chat-widget/protocol'
import type { Logger } from 'pino'
import { type DefaultEventsMap, type Namespace, Server, type ServerOptions, type Socket } from 'socket.io'
import type { AppConfig } from '../config/config.ts'
import { isSameHost, originAllowed } from '../network/origins.ts'
import type { AddressLimits } from './address-limits.ts'
import type { AdmittedAgent } from './agent-handshake.ts'
import { type Connection, guardConnection, guardOf } from './connection-guard.ts'
import { admitting } from './handshake.ts'
import type { Tuning } from './tuning.ts'
import type { AdmittedVisitor } from './visitor-handshake.ts'

interface VisitorSocketData {
  admitted?: AdmittedVisitor
  app?: AppId
  /** Label of the client's release. */
  release?: string
}
interface AgentSocketData {
  admitted?: AdmittedAgent
  /** Apps that the agent belongs to; absent: all. */
  apps?: readonly AppId[]
  /** Label of the client's release. */
  release?: string
}

export type VisitorNamespace = Namespace<
  VisitorToServerEvents,
  ServerToVisitorEvents,
  DefaultEventsMap,
  VisitorSocketData
>
export type VisitorSocket = Socket<
  VisitorToServerEvents,
  ServerToVisitorEvents,
  DefaultEventsMap,
  VisitorSocketData
>
export type AgentNamespace = Namespace<
  AgentToServerEvents,
  ServerToAgentEvents,
  DefaultEventsMap,
  AgentSocketData
>
export type AgentSocket = Socket<AgentToServerEvents, ServerToAgentEvents, DefaultEventsMap, AgentSocketData>

export type AuthenticatorNamespace = Namespace<AuthenticatorToServerEvents, ServerToAuthenticatorEvents>
export type AuthenticatorSocket = Socket<AuthenticatorToServerEvents, ServerToAuthenticatorEvents>

/** Room for Socket.IO's own framing around a payload of the full size. */
const FRAMING_BYTES = 1_024
/** Together the longest time for which a dead peer goes unnoticed: 45 s. */
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 20_000

/** Time that a refused device has to read the reason. */
const REFUSED_MS = 1_000

/** Time in which a server that stops is likely to be there again. Milliseconds. */
const RESTART_MS = 1_000
/** Devices of a server that stops come back over this time for each of them, at most over the second. Milliseconds. */
const RETURN_SPREAD_MS = 2
const LONGEST_RETURN_MS = 5_000

export interface SocketServerOptions {
  readonly httpServer: HttpServer
  /** The path below which the server answers. */
  readonly basePath: string
  readonly apps: readonly AppConfig[]
  /** Default: for one node alone. */
  readonly adapter?: ServerOptions['adapter'] | undefined
  readonly addresses: AddressLimits
  readonly tuning: Tuning
  readonly logger: Logger
  /** Called for each connection that is refused. */
  readonly refused: (code: ErrorCode) => void
  readonly now: () => number
}

export function createSocketServer(options: SocketServerOptions) {
  const { httpServer, basePath, apps, adapter, addresses, tuning, logger, refused, now } = options
  const isOfAnApp = (origin: string) => apps.some(({ origins }) => originAllowed(origin, origins))
  let refusing = false

  /**
   * The app is known only once the connection is open, so the namespace checks the origin against that app's list.
   * Here, polling is refused to pages that no app allows. Their WebSockets are accepted up to the namespace, which can
   * answer `origin-refused`: a browser does not show the reason of a failed upgrade.
   */
  function mayConnect({ headers, url }: IncomingMessage): boolean {
    if (refusing) return false
    const { origin, host } = headers
    if (origin === undefined || isSameHost(origin, host) || isOfAnApp(origin)) return true
    return /[?&]transport=websocket(&|$)/.test(url ?? '')
  }

  const io = new Server(httpServer, {
    path: `${basePath}/socket.io/`,
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: LIMITS.payloadBytes + FRAMING_BYTES,
    perMessageDeflate: false,
    ...(adapter === undefined ? {} : { adapter }),
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => {
      if (!mayConnect(request)) {
        refused(refusing ? 'unavailable' : 'origin-refused')
        return decide(null, false)
      }
      addresses.mayOpen(request).then(
        (mayOpen) => {
          if (!mayOpen) refused('rate-limited')
          decide(null, mayOpen)
        },
        () => decide(null, false),
      )
    },
    cors: {
      origin: (origin, decide) => decide(null, origin !== undefined && isOfAnApp(origin)),
      methods: ['GET', 'POST'],
    },
  })

  const visitors = io.of(VISITOR_NAMESPACE) as VisitorNamespace
  const agents = io.of(AGENT_NAMESPACE) as AgentNamespace
  const authenticators = io.of(AUTHENTICATOR_NAMESPACE) as AuthenticatorNamespace

  // After Socket.IO's own listener, so that the guard can take the connection's events from it.
  const guarding = { tuning, now, join: addresses.join, chargeCut: addresses.chargeCut }
  io.engine.on('connection', (connection: Connection) => {
    addresses.opened(connection)
    guardConnection(connection, guarding)
  })

  // No client uses the default namespace.
  io.sockets.use((socket, next) => {
    next(new Error('There is nothing here.'))
    setTimeout(() => socket.conn.close(), REFUSED_MS)
  })
  for (const namespace of [visitors, agents, authenticators] as readonly Namespace[]) {
    namespace.use((socket, next) => {
      const refuse: typeof next = (error) => {
        next(error)
        if (error !== undefined) setTimeout(() => socket.conn.close(), REFUSED_MS)
      }
      admitting(() => addresses.admit(socket.request), refuse, { logger, refused })
    })
    namespace.on('connection', (socket) => {
      guardOf(socket).onCut((error) => socket.emit('wait', error))
      // A connection without a namespace is of no use.
      socket.on('disconnect', (reason) => {
        if (reason === 'client namespace disconnect') socket.conn.close()
      })
    })
  }

  /** Tells each device when to connect again ([DL17]). Other nodes are there already. */
  function tellReturn(): void {
    const sockets = [visitors, agents, authenticators].flatMap((namespace) => [
      ...(namespace as Namespace).sockets.values(),
    ])
    const spreadMs = Math.min(LONGEST_RETURN_MS, RETURN_SPREAD_MS * sockets.length)
    const message = 'The server stops; connect again.'
    for (const socket of sockets) {
      const retryAfterMs = (adapter === undefined ? RESTART_MS : 0) + Math.round(spreadMs * Math.random())
      socket.emit('wait', { code: 'unavailable', message, retryAfterMs } satisfies WireError)
    }
  }

  return {
    visitors,
    agents,
    authenticators,
    /** Refuses new connections from now on. */
    refuse(): void {
      refusing = true
    },
    /** Closes every connection, so that devices reconnect; leaves the HTTP server open. */
    async close(): Promise<void> {
      refusing = true
      tellReturn()
      // Not `io.close()`: it would also close the HTTP server, which it does not own.
      io.engine.close()
      const namespaces = [io.sockets, visitors, agents, authenticators]
      await Promise.all(namespaces.map(({ adapter }) => adapter.close()))
    },
  }
}
