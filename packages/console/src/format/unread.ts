/** Number of a conversation's messages that no agent has read. */
import type { ConversationSummary } from '@chat-widget/protocol'
import { locale } from '../words/words.ts'

/** 0 if an agent or the bot wrote last: then nothing needs reading. */
export function unreadCount(summary: ConversationSummary): number {
  const author = summary.lastMessage?.author.kind
  return author === 'agent' || author === 'bot' ? 0 : Math.max(0, summary.headSeq - summary.agentReadSeq)
}

/** Text of a badge: above 99 it is `99+`. */
export function badgeText(count: number): string {
  const { format } = new Intl.NumberFormat(locale())
  return count > 99 ? `${format(99)}+` : format(count)
}
