/** Decides what is sent and when: connected, as the user that the host wants, to the visitor's conversation. */

import type { Message } from '@chat-widget/protocol'
import type { ConnectionState, MessageDraft } from '../chat-state.ts'
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

export interface Sending {
  /** As `Outgoing.send()`; rejects if the connection was closed for good: the message is stored. */
  send(message: string | MessageDraft): Promise<Message>
  /** Call it when any of the parts changed. */
  update(): void
  showPending(): void
  setTyping(typing: boolean): void
}

export function createSending({ connection, identity, conversation, outgoing }: SendingParts): Sending {
  const typing = createOutgoingTyping((isTyping) => {
    const conversationId = conversation.addressee
    if (conversationId !== null) connection.notify('typing', { conversationId, typing: isTyping })
  })

  function gate(): OutboxGate {
    if (connection.state.status !== 'connected') return { open: false, waitingFor: 'connection' }
    // [ID14] A user's message never goes out as an anonymous visitor's.
    const isRight = identity.state.status === (identity.wanted === null ? 'anonymous' : 'identified')
    const conversationId = conversation.addressee
    if (!isRight || identity.isLeaving || conversationId === null)
      return { open: false, waitingFor: 'identity' }
    return { open: true, conversationId }
  }

  /** Rejects waiting calls if the connection is not retried. */
  function release(): void {
    const { state } = connection
    if (state.status === 'closed' && state.reason !== undefined) outgoing.release(state.reason, 'kept')
  }

  const showPending = () => conversation.timeline.setPending(outgoing.pending(conversation.id))

  return {
    send(message) {
      const sent = outgoing.send(message, identity.owner, conversation.id)
      release()
      return sent
    },
    update() {
      const now = gate()
      release()
      outgoing.outbox.setGate(identity.owner, now)
      if (!now.open) typing.reset()
      showPending()
    },
    showPending,
    setTyping(isTyping) {
      if (gate().open) typing.set(isTyping)
    },
  }
}
