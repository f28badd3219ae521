/** Messages that answer an earlier one: a choice among what it offers, or a form's values. */
import type { Choice } from './kinds/choice.ts'
import type { Message, MessageContent } from './kinds/message.ts'

/** The seq that a message answers. Each message is answered at most once ([MK7]). */
export function answeredSeq(content: MessageContent): number | undefined {
  if (content.kind === 'form-answer') return content.to
  return content.kind === 'text' ? content.reply?.to : undefined
}

/** Choices that a message offers: quick replies, or buttons of cards. */
export function choicesOf(content: MessageContent): readonly Choice[] {
  if (content.kind === 'text') return content.quickReplies ?? []
  if (content.kind !== 'cards') return []
  return content.cards.flatMap(({ buttons }) => buttons.filter((button) => 'value' in button))
}

/** The format by which a text is shown. */
export function formatOf({ format, author }: Message<'text'>): 'plain' | 'markdown' {
  return format ?? (author.kind === 'visitor' ? 'plain' : 'markdown')
}
