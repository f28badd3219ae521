/** Decides what is sent and when: connected, as the user that the host wants, to the visitor's conversation. */

import type { Message } from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'
import type { CurrentConversation } from '../current-conversation.ts'
import type { Identity } from '../identity/run.ts'
import type { OutboxGate } from './outbox-entry.ts'
import type { Outgoing } from './outgoing.ts'
import { createOutgoingTyping } from './outgoing-typing.ts'

export interface SendingParts {
  readonly connection: {
    readonly state: ConnectionState
    notify(name: 'typing', payload: { conversationId: string; typing: boolean }): void
  }
  readonly identity: Pick<Identity, 'state' | 'wanted' | 'owner' | 'isLeaving'>
  readonly conversation: Pick<CurrentConversation, 'id' | 'addressee' | 'timeline'>
  readonly outgoing: Outgoing
}

export class Sending {
  readonly #parts: SendingParts
  readonly #typing = createOutgoingTyping((typing) => this.#tellTyping(typing))

  constructor(parts: SendingParts) {
    this.#parts = parts
  }

  /** As `Outgoing.send()`; rejects if the connection was closed for good: the message is stored. */
  send(text: string): Promise<Message> {
    const { outgoing, identity } = this.#parts
    const sent = outgoing.send(text, identity.owner)
    this.#release()
    return sent
  }

  /** Call it when any of the parts changed. */
  update(): void {
    const { outgoing, identity } = this.#parts
    const gate = this.#gate()
    this.#release()
    outgoing.setGate(identity.owner, gate)
    if (!gate.open) this.#typing.reset()
    this.showPending()
  }

  showPending(): void {
    const { conversation, outgoing } = this.#parts
    conversation.timeline.setPending(outgoing.pending(conversation.id))
  }

  setTyping(typing: boolean): void {
    if (this.#gate().open) this.#typing.set(typing)
  }

  #tellTyping(typing: boolean): void {
    const { connection, conversation } = this.#parts
    const conversationId = conversation.addressee
    if (conversationId !== null) connection.notify('typing', { conversationId, typing })
  }

  /** Rejects waiting calls if the connection is not retried. */
  #release(): void {
    const { connection, outgoing } = this.#parts
    const { state } = connection
    if (state.status === 'closed' && state.reason !== undefined)
      outgoing.release(state.reason, 'the message is kept')
  }

  #gate(): OutboxGate {
    const { connection, identity, conversation } = this.#parts
    if (connection.state.status !== 'connected') return { open: false, waitingFor: 'connection' }
    // [ID14] A user's message never goes out as an anonymous visitor's.
    const isRight = identity.state.status === (identity.wanted === null ? 'anonymous' : 'identified')
    const conversationId = conversation.addressee
    if (!isRight || identity.isLeaving || conversationId === null)
      return { open: false, waitingFor: 'identity' }
    return { open: true, conversationId }
  }
}
