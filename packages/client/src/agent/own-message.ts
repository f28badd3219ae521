/** The message an ack stands for, so that it takes its place before the server's own notice arrives. */
import type { Message, SentMessage } from '@chat-widget/protocol'
import type { AgentOutboxEntry } from './agent-outbox.ts'
import type { Agent } from './agent-state.ts'

export function ownMessage(entry: AgentOutboxEntry, sent: SentMessage, agent: Agent): Message {
  const base = {
    ...sent,
    clientId: entry.clientId,
    conversationId: entry.conversationId,
    author: { kind: 'agent', id: agent.id, name: agent.name },
  } as const
  return 'login' in entry.body
    ? {
        ...base,
        kind: 'login',
        text: entry.body.login.text,
        login: { button: entry.body.login.button, reason: 'message' },
      }
    : { ...base, kind: 'text', text: entry.body.text }
}
