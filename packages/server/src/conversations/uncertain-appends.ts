/** Appends that may have been stored although the database did not say so. */
import type { ClientMessageId, ConversationId } from '@chat-widget/protocol'

/** More than can wait at once for a database that does not answer. */
const MAX_UNCERTAIN = 10_000

export function createUncertainAppends() {
  const keys = new Set<string>()
  const keyOf = (conversationId: ConversationId, clientId: ClientMessageId) => `${conversationId} ${clientId}`
  return {
    add(conversationId: ConversationId, clientId: ClientMessageId): void {
      keys.add(keyOf(conversationId, clientId))
      for (const oldest of keys) {
        if (keys.size <= MAX_UNCERTAIN) return
        keys.delete(oldest)
      }
    },
    /** Forgets the entry. Returns true if there was one. */
    delete: (conversationId: ConversationId, clientId: ClientMessageId): boolean =>
      keys.delete(keyOf(conversationId, clientId)),
  }
}
