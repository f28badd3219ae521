/** Announcements for screen readers: each new message of the other side once, and never the history. */
import type { TimelineItem, TimelineState } from '@chat-widget/client'
import type { ConversationId } from '@chat-widget/protocol'
import { viewOf } from './kinds/index.ts'
import { keyOf } from './timeline-rows.ts'

export interface Announcement {
  readonly key: string
  readonly text: string
}

export interface Announcer {
  /** Returns the new messages since the last call. Its cost depends on their number, not on the history's length. */
  newMessages(
    timeline: TimelineState,
    describe: (item: TimelineItem) => { readonly author: string; readonly text: string },
  ): readonly Announcement[]
}

export function announcer(): Announcer {
  let conversation: ConversationId | null = null
  let heardSeq = 0
  /** Messages that are there with the first page are history. */
  let isHistory = true

  return {
    newMessages({ items, status }, describe) {
      const news: Announcement[] = []
      if (status === 'loading' && items.length === 0) isHistory = true
      const newest = items.findLast((item) => item.kind === 'stored')
      const current = newest?.kind === 'stored' ? newest.message.conversationId : null
      if (current !== null && conversation !== null && current !== conversation) isHistory = true
      if (current !== null && current !== conversation) heardSeq = 0
      conversation = current ?? conversation
      const before = heardSeq
      for (let index = items.length - 1; index >= 0; index -= 1) {
        const item = items[index]
        if (item === undefined || item.kind === 'pending') continue
        if (item.message.seq <= before) break
        heardSeq = Math.max(heardSeq, item.message.seq)
        if (isHistory) break
        const isNote = viewOf(item).shape === 'note'
        if (item.message.author.kind === 'visitor' && !isNote) continue
        const { author, text } = describe(item)
        news.unshift({
          key: keyOf(item),
          text: isNote ? text : `${author}: ${text}`,
        })
      }
      if (status !== 'loading') isHistory = false
      return news
    },
  }
}
