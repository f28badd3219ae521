/** The part of the URL that names the open conversation: `#/conversations/ID`. */
import type { ConversationId } from '@chat-widget/protocol'

const CONVERSATION = /^#\/conversations\/([0-9a-f-]{36})$/i

/** Returns `null` for the list alone, and for anything that is not a conversation's URL. */
export function conversationOfHash(hash: string): ConversationId | null {
  const id = CONVERSATION.exec(hash)?.[1]
  return id === undefined ? null : (id.toLowerCase() as ConversationId)
}

export function hashOfConversation(id: ConversationId | null): string {
  return id === null ? '#/' : `#/conversations/${id}`
}
