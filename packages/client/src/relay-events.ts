/** Forwards events of a client's parts as events of the client. */
import type { ChatClientEvents } from './chat-client-api.ts'
import type { Outgoing } from './conversation/outgoing.ts'
import type { Sending } from './conversation/sending.ts'
import type { Identity } from './identity/run.ts'
import type { LoginRequests } from './login-requests.ts'
import type { Emitter } from './util/emitter.ts'
import type { VisitorConversations } from './visitor-conversations.ts'

export interface RelayedParts {
  readonly emitter: Emitter<ChatClientEvents>
  readonly feed: { changed(): void }
  readonly identity: Pick<Identity, 'on'>
  readonly conversations: VisitorConversations
  readonly outgoing: Outgoing
  readonly logins: LoginRequests
  readonly sending: Sending
}

export function relayEvents(parts: RelayedParts): void {
  const { emitter, feed, identity, conversations, outgoing, logins, sending } = parts
  identity.on('change', (change) => {
    sending.update()
    feed.changed()
    emitter.emit('identity-change', change)
  })
  identity.on('signed-in', () => logins.signedIn())
  identity.on('failed', (error) => {
    logins.failed()
    emitter.emit('error', error)
  })
  conversations.on('change', () => feed.changed())
  conversations.on('unread', (count) => emitter.emit('unread-change', count))
  conversations.current.on('received', (message) => emitter.emit('message-received', message))
  outgoing.on('change', () => sending.showPending())
  outgoing.on('sent', (message) => {
    conversations.current.timeline.acknowledge(message)
    emitter.emit('message-sent', message)
  })
  logins.on('change', () => feed.changed())
}
