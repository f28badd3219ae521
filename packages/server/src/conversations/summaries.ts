/** A conversation as agents and devices see it. */
import type { Conversation, ConversationSummary, ConversationVisitor, Message } from '@chat-widget/protocol'
import type { ConversationRecord } from '../storage/storage.ts'

export function visitorOf({ owner, userIdentifier }: ConversationRecord): ConversationVisitor {
  return owner.kind === 'user' && userIdentifier !== null
    ? { verified: true, userIdentifier }
    : { verified: false }
}

export function summaryOf(
  record: ConversationRecord,
  lastMessage: Message | null,
  online: boolean,
): ConversationSummary {
  return {
    id: record.id,
    app: record.app,
    status: record.status,
    handler: record.handler,
    visitor: visitorOf(record),
    online,
    headSeq: record.headSeq,
    agentReadSeq: record.agentReadSeq,
    visitorReadSeq: record.visitorReadSeq,
    lastMessage,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
  }
}

export function conversationOf(record: ConversationRecord): Conversation {
  return {
    id: record.id,
    status: record.status,
    headSeq: record.headSeq,
    visitorReadSeq: record.visitorReadSeq,
    agentReadSeq: record.agentReadSeq,
  }
}

/** A conversation that has an id and no message yet. */
export function emptyConversation(id: Conversation['id']): Conversation {
  return { id, status: 'open', headSeq: 0, visitorReadSeq: 0, agentReadSeq: 0 }
}
