/** Forwards events of a client's parts as events of the client. */
import type { ChatClientEvents } from './chat-client-api.ts'
import type { ClientParts } from './client-parts.ts'
import type { Emitter } from './util/emitter.ts'

/** `changed`: anything in the client's state is another. */
export function relayEvents(
  { identity, conversations, belongings, sending }: ClientParts,
  emitter: Emitter<ChatClientEvents>,
  changed: () => void,
): void {
  const { outgoing } = belongings
  identity.on('change', (change) => {
    sending.update()
    changed()
    emitter.emit('identity-change', change)
  })
  identity.on('signed-in', () => belongings.withLogins((logins) => logins.signedIn()))
  identity.on('failed', (error) => {
    void belongings.withLogins((logins) => logins.failed())
    emitter.emit('error', error)
  })
  conversations.on('change', changed)
  conversations.on('unread', (count) => emitter.emit('unread-change', count))
  conversations.current.on('received', (message) => emitter.emit('message-received', message))
  outgoing.outbox.on('change', () => sending.showPending())
  outgoing.outbox.on('sent', (message) => {
    conversations.current.timeline.acknowledge(message)
    emitter.emit('message-sent', message)
  })
}
