/** What devices told they hold, so that of many consoles that tell the same one asks the database. */
import type { ConversationId } from '@chat-widget/protocol'

/** Positions remembered; of others the database is asked again. */
export const MAX_DELIVERED = 10_000

export function createDeliveredSeqs() {
  const seqs = new Map<string, number>()
  const keyOf = (conversationId: ConversationId, holder: 'visitor' | 'agent') => `${holder} ${conversationId}`
  return {
    forget: (...of: Parameters<typeof keyOf>): boolean => seqs.delete(keyOf(...of)),
    /** Returns true if the seq is beyond the one before. */
    raise(conversationId: ConversationId, holder: 'visitor' | 'agent', seq: number): boolean {
      const key = keyOf(conversationId, holder)
      if ((seqs.get(key) ?? 0) >= seq) return false
      seqs.delete(key)
      seqs.set(key, seq)
      for (const oldest of seqs.keys()) {
        if (seqs.size <= MAX_DELIVERED) break
        seqs.delete(oldest)
      }
      return true
    },
  }
}
