/** The part of the address that says which conversation is open: `#/conversations/ID`. */
import type { ConversationId } from '@chat-widget/protocol'

const CONVERSATION = /^#\/conversations\/([0-9a-f-]{36})$/i

/** `null` for the list alone, and for anything that is no conversation's address. */
export function conversationOfHash(hash: string): ConversationId | null {
  const id = CONVERSATION.exec(hash)?.[1]
  return id === undefined ? null : (id.toLowerCase() as ConversationId)
}

export function hashOfConversation(id: ConversationId | null): string {
  return id === null ? '#/' : `#/conversations/${id}`
}
