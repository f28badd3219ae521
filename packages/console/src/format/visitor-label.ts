/** Name of a conversation in list and header. */
import { type ConversationSummary, plainName } from '@chat-widget/protocol'
import { words } from '../words/words.ts'

/** Length of the part of the id that distinguishes anonymous visitors. */
const SHORT_ID_LENGTH = 4

export interface VisitorLabel {
  readonly name: string
  /** Distinguishes anonymous visitors; `null` for verified users. */
  readonly shortId: string | null
}

export function visitorLabel(summary: Pick<ConversationSummary, 'id' | 'visitor' | 'erased'>): VisitorLabel {
  if (summary.erased) return { name: words().bubble.erased, shortId: null }
  return summary.visitor.verified
    ? { name: plainName(summary.visitor.userIdentifier), shortId: null }
    : { name: words().anonymous, shortId: summary.id.slice(-SHORT_ID_LENGTH) }
}

/** One or two letters for the avatar; `null` if an icon is shown instead. */
export function visitorInitials(visitor: ConversationSummary['visitor']): string | null {
  if (!visitor.verified) {
    return null
  }
  const words = visitor.userIdentifier.split('@')[0]?.split(/[^\p{L}\p{N}]+/u) ?? []
  const initials = words
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
  return initials === '' ? null : initials.toUpperCase()
}
