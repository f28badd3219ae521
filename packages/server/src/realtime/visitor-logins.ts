/** A visitor's logins inside the chat on one socket: asks, follows the newest requests, and reports how each ended. */
import type {
  AskedPersonOutcome,
  AuthenticationRequestId,
  ConversationId,
  CreateAuthenticationRequest,
} from '@chat-widget/protocol'
import type { OwnRequest } from '../authentication-requests/chat-logins.ts'
import type { AppConfig } from '../config/config.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { VisitorServices } from './visitor-services.ts'

export interface VisitorLoginsOptions {
  readonly socket: VisitorSocket
  /** The app's present configuration. */
  readonly app: () => AppConfig
  /** The device's session, if it has one. */
  readonly visitor: () => string | null
  readonly conversation: () => Promise<ConversationId | null>
  readonly services: Pick<VisitorServices, 'chatLogins' | 'addressOf' | 'logger'>
}

/** The tabs of a visitor share a socket, and each may have a login of its own under way. */
const FOLLOWED_AT_MOST = 5

export type VisitorLogins = ReturnType<typeof createVisitorLogins>

export function createVisitorLogins(options: VisitorLoginsOptions) {
  const { socket, app, visitor, conversation, services } = options
  const { chatLogins, logger } = services
  /** Oldest first. */
  const followed = new Map<AuthenticationRequestId, AbortController>()
  const unfollow = (id: AuthenticationRequestId) => {
    followed.get(id)?.abort()
    followed.delete(id)
  }

  function watch(id: AuthenticationRequestId): void {
    unfollow(id)
    const following = new AbortController()
    followed.set(id, following)
    const [oldest] = followed.keys()
    if (followed.size > FOLLOWED_AT_MOST && oldest !== undefined) unfollow(oldest)
    const { signal } = following
    Promise.resolve()
      .then(() => chatLogins.outcome(app(), id, signal))
      .then((outcome) => {
        if (!signal.aborted && outcome.status !== 'pending') socket.emit('authentication-request', outcome)
      })
      // Disconnecting makes the device reconnect and ask again.
      .catch(() => {
        if (signal.aborted) return
        logger.warn({ request: id }, 'a login inside the chat could not be followed')
        socket.conn.close()
      })
  }

  return {
    async create({
      method,
      address,
    }: CreateAuthenticationRequest): ReturnType<VisitorServices['chatLogins']['ask']> {
      const asked = await chatLogins.ask({
        app: app(),
        method,
        address,
        ip: services.addressOf(socket.request),
        origin: originOf(socket),
        // A device without a session is counted by address only.
        visitor: visitor() ?? services.addressOf(socket.request),
        conversationId: await conversation(),
      })
      watch(asked.requestId)
      return asked
    },
    async follow(request: OwnRequest): Promise<AskedPersonOutcome> {
      const outcome = await chatLogins.find(app(), request)
      if (outcome.status === 'pending') watch(outcome.requestId)
      return outcome
    },
    cancel: (request: OwnRequest): Promise<AskedPersonOutcome> => chatLogins.cancel(app(), request),
    /** Called when the socket is closed; the requests go on. */
    close(): void {
      for (const id of [...followed.keys()]) unfollow(id)
    },
  }
}

/** The site's host, from the browser's `Origin`; `null` for other clients. */
function originOf({ handshake }: VisitorSocket): string | null {
  const { origin } = handshake.headers
  return origin === undefined || !URL.canParse(origin) ? null : new URL(origin).host
}
