/** How many messages of a conversation wait for an agent's eyes. */
import type { ConversationSummary } from '@chat-widget/protocol'

/** What an agent or the bot said last needs no reading, so the count is 0 then. */
export function unreadCount(summary: ConversationSummary): number {
  const author = summary.lastMessage?.author.kind
  return author === 'agent' || author === 'bot' ? 0 : Math.max(0, summary.headSeq - summary.agentReadSeq)
}

/** Badges stay small: more than 99 is `99+`. */
export function badgeText(count: number): string {
  return count > 99 ? '99+' : String(count)
}
