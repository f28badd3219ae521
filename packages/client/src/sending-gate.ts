/** Whether messages may go now: connected, as whom the host wants, with a conversation to go to. */
import type { ConversationId } from '@chat-widget/protocol'
import type { ConnectionState, IdentityState } from './chat-state.ts'
import type { OutboxGate } from './outbox/outbox.ts'

export interface SendingConditions {
  readonly connection: ConnectionState
  readonly identity: IdentityState
  /** Whether the host wants a user, who may not be signed in yet. */
  readonly wantsUser: boolean
  readonly isLeaving: boolean
  readonly conversationId: ConversationId | null
}

export function sendingGate(conditions: SendingConditions): OutboxGate {
  const { connection, identity, wantsUser, isLeaving, conversationId } = conditions
  if (connection.status !== 'connected') return { open: false, waitingFor: 'connection' }
  // [ID14] What was written for a user never goes out as an anonymous visitor's.
  const isRight = identity.status === (wantsUser ? 'identified' : 'anonymous')
  if (!isRight || isLeaving || conversationId === null) return { open: false, waitingFor: 'identity' }
  return { open: true, conversationId }
}
