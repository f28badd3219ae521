/** Passes what the server says of the connection and of the visitor to the parts of a client. */
import type { Authenticated, Ready } from '@chat-widget/protocol'
import type { ChatVisitors } from './built-in-login/chat-visitors.ts'
import type { ConnectionState } from './chat-state.ts'
import type { Outgoing } from './conversation/outgoing.ts'
import type { Sending } from './conversation/sending.ts'
import type { Identity } from './identity/run.ts'
import { isSessionOf } from './identity/signed-in-visitor.ts'
import { ANONYMOUS } from './identity/states.ts'
import type { VisitorConnection } from './visitor-connection.ts'
import type { VisitorConversations } from './visitor-conversations.ts'
import type { VisitorSession } from './visitor-session.ts'

export interface ServerFollowers extends Pick<VisitorConnection, 'connection' | 'lead'> {
  readonly identity: Identity
  readonly session: VisitorSession
  readonly visitors: ChatVisitors
  readonly conversations: VisitorConversations
  readonly outbox: Outgoing['outbox']
  readonly sending: Sending
  /** False if the anonymous conversation stays apart at sign-in. */
  readonly isMerging: boolean
  /** Called first of all when the server has accepted the connection. */
  readonly greeted: (ready: Ready) => void
  readonly changed: () => void
}

export function followServer(followers: ServerFollowers): void {
  const { connection, lead, identity, session, visitors, conversations, outbox, sending, changed } = followers

  function ready(answer: Ready): void {
    followers.greeted(answer)
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
    sending.update()
    changed()
  }

  function authenticated({ conversation, receipt, session: made }: Authenticated): void {
    const { wanted, owner } = identity
    const isChats = visitors.signedIn(wanted, made?.token)
    if (receipt !== undefined) {
      const reachable = new Set([...receipt.mergedConversations, conversation.id])
      void outbox.claim(followers.isMerging ? ANONYMOUS : owner, owner, reachable)
      if (followers.isMerging && !isChats) void session.drop()
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
  conversations.follow(connection)
  connection.onEvent('conversation', () => sending.update())
  connection.onEvent('context:needed', ({ refresh, cause }) => identity.contextNeeded(refresh, cause))
  identity.on('authenticated', authenticated)
}
