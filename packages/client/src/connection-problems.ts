/** Reactions of the client to a refusing or unreachable server, and to the end of the session. */
import type { ChatError } from '@chat-widget/protocol'
import type { ClientParts } from './client-parts.ts'
import type { ReplyError } from './connection/event-maps.ts'

/**
 * Returns a function whose promise resolves when the end of a session is handled: before that, the next handshake's
 * identity is unknown.
 */
export function watchProblems(
  { options, connection, identity, session, visitors }: ClientParts,
  report: (error: Pick<ChatError, 'code' | 'message'>) => void,
): () => Promise<void> {
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
    if (attempt === 2) report({ code: 'server-unreachable', message: `no connection to ${options.server}` })
  })
  connection.onEvent('session:ended', handleEnd)
  return () => handled
}
