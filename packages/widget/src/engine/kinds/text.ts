/** Text in the chat: whether words are all of it. */
import type { TimelineItem } from '@chat-widget/client'

/** Every text with an address, and every one that Markdown changes, matches this. */
const RICH = /[*_`[\\<@]|:\/\/|www\.|^ *([-+>#]|\d+[.)]) /im

/**
 * True if there may be more to draw than words: links, Markdown, quick replies below it, that it was deleted, its author's
 * picture.
 */
export const isRich = (item: TimelineItem, text: string): boolean =>
  RICH.test(text) ||
  (item.kind === 'stored' &&
    ('quickReplies' in item.message || 'avatar' in item.message.author || item.message.deleted === true))
