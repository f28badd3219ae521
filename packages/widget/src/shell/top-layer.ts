/** Puts a frame above everything of the page, whatever z-index the page uses. */

import { isRendered, raise, watchSize } from '@chat-widget/client/browser'

/** Where the browser has no top layer, the element's z-index must do. */
export function raiseToTopLayer(element: HTMLElement): void {
  if (element.isConnected) raise(element)
}

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
