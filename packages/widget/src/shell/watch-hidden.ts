/** Notices when a page hides the chat. */
import { isRendered, watchSize } from '@chat-widget/client/browser'

/** Calls back when the page hides or shows an element, by any means. Returns a function that ends it. */
export function watchHidden(element: HTMLElement, changed: () => void): () => void {
  let wasRendered = isRendered(element)
  // The element has a size of its own, which it loses or gains.
  return watchSize([element], () => {
    if (wasRendered === isRendered(element)) return
    wasRendered = !wasRendered
    changed()
  })
}
