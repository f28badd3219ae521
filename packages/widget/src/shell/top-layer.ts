/** Puts a frame above everything of the page, whatever z-index the page uses. */

/** The element has `popover="manual"`. Where the browser has no top layer, its z-index must do. */
export function raiseToTopLayer(element: HTMLElement): void {
  if (!('showPopover' in element) || !element.isConnected) return
  // Shown anew it stands above dialogs that were opened since.
  if (element.matches(':popover-open')) element.hidePopover()
  element.showPopover()
}

/** Boxes are made for an element: neither it nor what is around it is `display: none`. */
export const isRendered = (element: Element): boolean =>
  !('checkVisibility' in element) || element.checkVisibility()

/** Calls back when the page hides or shows an element, by whatever means. Returns what ends it. */
export function watchHidden(element: HTMLElement, changed: () => void): () => void {
  let wasRendered = isRendered(element)
  // The element has a size of its own, so it loses or gains it.
  const observer = new ResizeObserver(() => {
    if (wasRendered === isRendered(element)) return
    wasRendered = !wasRendered
    changed()
  })
  observer.observe(element)
  return () => observer.disconnect()
}
