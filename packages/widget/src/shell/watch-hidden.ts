/** Tells when a page hides the chat. */
import { isRendered, watchSize } from '@chat-widget/client/browser'

/** Calls back when the page hides or shows an element, by whatever means. Returns what ends it. */
export function watchHidden(element: HTMLElement, changed: () => void): () => void {
  let wasRendered = isRendered(element)
  // The element has a size of its own, so it loses or gains it.
  return watchSize([element], () => {
    if (wasRendered === isRendered(element)) return
    wasRendered = !wasRendered
    changed()
  })
}
