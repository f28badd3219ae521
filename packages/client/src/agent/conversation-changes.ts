/** Changes of the open conversation that an agent asks for; each call rejects if the server refuses or cannot be reached. */
import type { AgentToServerEvents, ClientMessageId, ConversationId } from '@chat-widget/protocol'
import type { Reply, RequestOf } from '../connection/event-maps.ts'
import { randomId } from '../util/random-id.ts'
import { storableBody } from '../util/storable-text.ts'
import { chatError } from './agent-errors.ts'
import type { AgentMessageBody } from './agent-state.ts'

export interface ConversationChanges {
  edit(seq: number, body: AgentMessageBody): Promise<void>
  remove(seq: number): Promise<void>
  close(): Promise<void>
  hand(handler: 'bot' | 'agents'): Promise<void>
}

type Name = 'message:edit' | 'message:delete' | 'conversation:close' | 'conversation:hand'

export function createConversationChanges(
  request: <N extends Name>(name: N, payload: RequestOf<AgentToServerEvents, N>) => Promise<Reply<unknown>>,
  open: () => ConversationId | undefined,
): ConversationChanges {
  async function change(ask: (id: ConversationId) => Promise<Reply<unknown>>): Promise<void> {
    const id = open()
    if (id === undefined) return
    const reply = await ask(id)
    if (!reply.ok) throw chatError(reply.error)
  }
  return {
    edit(seq, body) {
      const clientId = randomId<ClientMessageId>()
      const stored = storableBody(body)
      return change((conversationId) =>
        request('message:edit', { conversationId, clientId, seq, body: stored }),
      )
    },
    remove: (seq) => change((conversationId) => request('message:delete', { conversationId, seq })),
    close: () => change((conversationId) => request('conversation:close', { conversationId })),
    hand: (handler) => change((conversationId) => request('conversation:hand', { conversationId, handler })),
  }
}
