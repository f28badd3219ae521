/** What goes out for the visitor who is there now, and when: connected, as whom the host wants, to their conversation. */
import type { Message } from '@chat-widget/protocol'
import type { ConnectionState, IdentityState } from './chat-state.ts'
import type { CurrentConversation } from './conversation.ts'
import type { OutboxGate } from './outbox/outbox.ts'
import type { Outgoing } from './outgoing.ts'
import { createTypingThrottle } from './typing-throttle.ts'
import type { UserFollowing } from './user-following.ts'

export interface SendingParts {
  readonly connection: {
    readonly state: ConnectionState
    notify(name: 'typing', payload: { conversationId: string; typing: boolean }): void
  }
  readonly identity: { readonly state: IdentityState }
  readonly following: Pick<UserFollowing, 'wanted' | 'owner' | 'isLeaving'>
  readonly conversation: Pick<CurrentConversation, 'id' | 'addressee' | 'timeline'>
  readonly outgoing: Outgoing
}

export class Sending {
  readonly #parts: SendingParts
  readonly #typing = createTypingThrottle()

  constructor(parts: SendingParts) {
    this.#parts = parts
  }

  /** As `Outgoing.send()`; rejects where the connection was given up: the message is kept. */
  send(text: string): Promise<Message> {
    const { outgoing, following } = this.#parts
    const sent = outgoing.send(text, following.owner)
    this.#release()
    return sent
  }

  /** To be called when any of the parts changed. */
  update(): void {
    const { outgoing, following } = this.#parts
    this.#release()
    outgoing.setGate(following.owner, this.#gate())
    this.showPending()
  }

  showPending(): void {
    const { conversation, outgoing } = this.#parts
    conversation.timeline.setPending(outgoing.pending(conversation.id))
  }

  setTyping(typing: boolean): void {
    const gate = this.#gate()
    if (gate.open && this.#typing.isDue(typing))
      this.#parts.connection.notify('typing', { conversationId: gate.conversationId, typing })
  }

  /** Nobody waits for a connection that is not tried again by itself. */
  #release(): void {
    const { connection, outgoing } = this.#parts
    const { state } = connection
    if (state.status === 'closed' && state.reason !== undefined)
      outgoing.release(state.reason, 'not connected; the message is kept')
  }

  #gate(): OutboxGate {
    const { connection, identity, following, conversation } = this.#parts
    if (connection.state.status !== 'connected') return { open: false, waitingFor: 'connection' }
    // [ID14] What was written for a user never goes out as an anonymous visitor's.
    const isRight = identity.state.status === (following.wanted === null ? 'anonymous' : 'identified')
    const conversationId = conversation.addressee
    if (!isRight || following.isLeaving || conversationId === null)
      return { open: false, waitingFor: 'identity' }
    return { open: true, conversationId }
  }
}
