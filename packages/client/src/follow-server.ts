/** Passes what the server says of the connection and of the visitor to the parts of a client. */
import type { Authenticated, Ready } from '@chat-widget/protocol'
import type { ConnectionState } from './chat-state.ts'
import type { ClientParts } from './client-parts.ts'
import { isSessionOf } from './identity/signed-in-visitor.ts'
import { ANONYMOUS } from './identity/states.ts'

/** `changed`: anything in the client's state is another. */
export function followServer(parts: ClientParts, changed: () => void): void {
  const { connection, lead, identity, session, visitors, conversations, sending, isMerging } = parts
  const { belongings } = parts
  const { outbox } = belongings.outgoing

  function ready(answer: Ready): void {
    parts.app = answer.app
    void session.settle(answer.session?.token).then(() => lead.settled())
    const { wanted, isLeaving } = identity
    if (wanted === null && answer.identity.status === 'unidentified' && !isLeaving) {
      // The user was taken back while the handshake for them was on its way.
      connection.restart()
      return
    }
    identity.ready(answer)
    if (answer.conversation !== null && isSessionOf(answer.identity, wanted))
      conversations.open(answer.conversation, answer.session !== undefined)
    // Their code could not be loaded without a network.
    void belongings.withLogins()
    sending.update()
    changed()
  }

  function authenticated({ conversation, receipt, session: made }: Authenticated): void {
    const { wanted, owner } = identity
    const isChats = visitors.signedIn(wanted, made?.token)
    if (receipt !== undefined) {
      const reachable = new Set([...receipt.mergedConversations, conversation.id])
      void outbox.claim(isMerging ? ANONYMOUS : owner, owner, reachable)
      if (isMerging && !isChats) void session.drop()
    }
    conversations.open(conversation)
  }

  function connectionChanged(state: ConnectionState): void {
    if (state.status !== 'connected') {
      identity.disconnected()
      conversations.current.disconnected()
      if (state.status !== 'connecting') session.release()
    }
    lead.connectionChanged(state)
    sending.update()
    changed()
  }

  connection.on('state', connectionChanged)
  connection.onEvent('ready', ready)
  connection.onEvent('app', (app) => {
    parts.app = app
    changed()
  })
  conversations.follow(connection)
  connection.onEvent('conversation', () => sending.update())
  connection.onEvent('context:needed', ({ refresh, cause }) => identity.contextNeeded(refresh, cause))
  identity.on('authenticated', authenticated)
}
