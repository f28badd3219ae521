/** Text in the chat: whether words are all of it. */
import type { TimelineItem } from '@chat-widget/client'

/** Every text with an address, and every one that Markdown changes, matches this. */
const RICH = /[*_`[\\<@]|:\/\/|www\.|^ *([-+>#]|\d+[.)]) /im

/** The file of a message, sent or waiting. */
export const fileOf = (item: TimelineItem): { readonly name?: string } | undefined =>
  ((item.kind === 'stored' ? item.message : item.body) as { readonly file?: { readonly name?: string } }).file

/**
 * True if there may be more to draw than words: links, Markdown, quick replies below it, that it was deleted, its author's
 * picture.
 */
export const isRich = (item: TimelineItem, text: string): boolean =>
  RICH.test(text) ||
  fileOf(item) !== undefined ||
  (item.kind === 'stored' &&
    ('quickReplies' in item.message || 'avatar' in item.message.author || item.message.deleted === true))
