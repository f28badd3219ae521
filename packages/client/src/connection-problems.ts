/** Reactions of the client to a refusing or unreachable server, and to the end of the session. */
import type { ChatError, ServerToVisitorEvents, VisitorToServerEvents } from '@chat-widget/protocol'
import type { ChatVisitors } from './built-in-login/chat-visitors.ts'
import type { Connection } from './connection/connection.ts'
import type { ReplyError } from './connection/event-maps.ts'
import type { Identity } from './identity/run.ts'
import type { VisitorSession } from './visitor-session.ts'

export interface ConnectionProblemsPorts {
  readonly server: string
  readonly connection: Connection<ServerToVisitorEvents, VisitorToServerEvents>
  readonly identity: Pick<Identity, 'wanted' | 'isLeaving' | 'sessionEnded'>
  readonly session: Pick<VisitorSession, 'ended'>
  readonly visitors: Pick<ChatVisitors, 'recall'>
  readonly report: (error: Pick<ChatError, 'code' | 'message'>) => void
}

/**
 * Returns a function whose promise resolves when the end of a session is handled: before that, the next handshake's
 * identity is unknown.
 */
export function watchProblems(ports: ConnectionProblemsPorts): () => Promise<void> {
  const { server, connection, identity, session, visitors, report } = ports

  async function ended(error: ReplyError): Promise<void> {
    if (identity.isLeaving) return identity.sessionEnded(error)
    const isAnonymous = identity.wanted === null
    await session.ended(error)
    // [ID14] An identified user's identity reports it; an anonymous visitor continues with a new session, unless
    // another tab signed them in.
    if (isAnonymous && !(await visitors.recall())) report(error)
  }

  let handled: Promise<void> = Promise.resolve()
  const handleEnd = (error: ReplyError) => {
    handled = handled.then(() => ended(error))
  }

  connection.on('refused', (error) => {
    if (error.code === 'session-invalid') handleEnd(error)
    else if (connection.state.status === 'closed') report(error)
  })
  connection.on('unreachable', (attempt) => {
    // The first failure may be momentary; retries go on after the second as well.
    if (attempt === 2) report({ code: 'server-unreachable', message: `no connection to ${server}` })
  })
  connection.onEvent('session:ended', handleEnd)
  return () => handled
}
