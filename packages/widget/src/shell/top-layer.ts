/** Puts a frame above everything of the page, whatever z-index the page uses. */

/** The element has `popover="manual"`. Where the browser has no top layer, its z-index must do. */
export function raiseToTopLayer(element: HTMLElement): void {
  if ('showPopover' in element && element.isConnected && !element.matches(':popover-open'))
    element.showPopover()
}
