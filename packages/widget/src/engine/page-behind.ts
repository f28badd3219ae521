/** Interaction of the panel with the page behind it. */

/**
 * True if the visitor cannot use the surroundings of a node: a modal dialog of the page is open, or an ancestor is
 * inert.
 */
export function isBlocked(node: Node): boolean {
  const around = new Set<Node>()
  for (let at: Node | null = node; at !== null; at = at instanceof ShadowRoot ? at.host : at.parentNode) {
    if (at instanceof HTMLElement && at.inert) return true
    around.add(at)
  }
  return [...document.querySelectorAll('dialog:modal')].some((dialog) => !around.has(dialog))
}

const scrolls = (node: EventTarget) =>
  node instanceof Element &&
  node.scrollHeight > node.clientHeight &&
  /auto|scroll/.test(getComputedStyle(node).overflowY)

/** Keeps wheel and touch on an element from scrolling the page behind it. Scrollable areas inside contain their own. */
export function keepScrollInside(element: HTMLElement): void {
  const keep = (event: WheelEvent | TouchEvent) => {
    // Zooming is left to the browser.
    if (event instanceof WheelEvent ? event.ctrlKey : event.touches.length > 1) return
    const path = event.composedPath()
    if (!path.slice(0, path.indexOf(element)).some(scrolls)) event.preventDefault()
  }
  element.addEventListener('wheel', keep, { passive: false })
  element.addEventListener('touchmove', keep, { passive: false })
}
