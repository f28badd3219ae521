/** A conversation of the test's app in which nobody has written. */
import type { AppId, ConversationId, ConversationSummary } from '@chat-widget/protocol'

export const SHOP = 'shop' as AppId

export const newSummary = (id: ConversationId, at: string): ConversationSummary => ({
  ...{ id, app: SHOP, status: 'open', handler: 'agents', visitor: { verified: false }, online: true },
  ...{ headSeq: 0, agentReadSeq: 0, visitorReadSeq: 0, agentDeliveredSeq: 0, visitorDeliveredSeq: 0 },
  ...{ lastMessage: null, login: null, createdAt: at, updatedAt: at },
})
