/** Finds the visitor's answer to a message, sent or still pending. */
import type { OutgoingBody, TimelineItem } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'

type Answer = Exclude<OutgoingBody, string>

function bodyOf(item: TimelineItem): OutgoingBody | Message {
  // One that could not be sent is none: it may be given again.
  if (item.kind === 'pending') return item.state.status === 'failed' ? '' : item.body
  return item.message
}

/** The newest one, as one that failed may be followed by another; `null`: none. */
export function answerTo(seq: number, items: readonly TimelineItem[]): Answer | null {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index] as TimelineItem
    if (item.kind === 'stored' && item.message.seq <= seq) return null
    const body = bodyOf(item)
    if (typeof body === 'string') continue
    if ('reply' in body && body.reply?.to === seq) return body
    if ('values' in body && body.to === seq) return body
  }
  return null
}
