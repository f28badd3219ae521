/** [DL1] Tells the server which visitors' messages this console holds: by their conversations' summaries. */
import {
  type ConsoleDeliveredRequest,
  type ConversationId,
  type ConversationSummary,
  LIMITS,
} from '@chat-widget/protocol'

/** Time in which summaries are gathered, and an open conversation's message is read. Milliseconds. */
const GATHER_MS = 1_000
/** Conversations not told yet; beyond it the oldest is left to the next list. */
const MAX_HELD = 1_000

/** `tell`: may be lost: the next list makes up for it. */
export function createDeliveredReporter(tell: (held: ConsoleDeliveredRequest) => void) {
  const held = new Map<ConversationId, number>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    const positions = [...held].slice(0, LIMITS.deliveredAtOnce).map(([conversationId, seq]) => {
      held.delete(conversationId)
      return { conversationId, seq }
    })
    if (held.size > 0) timer = setTimeout(flush, GATHER_MS)
    if (positions.length > 0) tell({ positions })
  }

  return {
    take({ id, headSeq, agentReadSeq, agentDeliveredSeq }: ConversationSummary): void {
      held.delete(id)
      if (headSeq <= Math.max(agentReadSeq, agentDeliveredSeq)) return
      held.set(id, headSeq)
      for (const oldest of held.keys()) {
        if (held.size <= MAX_HELD) break
        held.delete(oldest)
      }
      timer ??= setTimeout(flush, GATHER_MS)
    },
    /** The agent signed out. */
    clear(): void {
      clearTimeout(timer)
      timer = undefined
      held.clear()
    },
  }
}
