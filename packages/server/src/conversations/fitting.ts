/** The bound of an answer's messages. */
import { LIMITS, type Message } from '@chat-widget/protocol'

/** Messages that fit into one answer, from the page's beginning; at least one ([DL9]). JSON takes more than the text. */
export function fitting(page: readonly Message[], forward: boolean): readonly Message[] {
  const inOrder = forward ? page : page.toReversed()
  let bytes = 2
  const fits = inOrder.findIndex((message) => {
    bytes += Buffer.byteLength(JSON.stringify(message)) + 1
    return bytes > LIMITS.answerBytes
  })
  if (fits === -1) return page
  const kept = inOrder.slice(0, Math.max(1, fits))
  return forward ? kept : kept.toReversed()
}
