/**
 * Watches for a text from the page's beginning on: `globalThis.seen` is fulfilled, with the milliseconds since the
 * navigation, at the first frame that has the text in view and a field to write in. Runs in the page; it is sent there
 * as text, so it uses nothing outside itself.
 */
export function watchFor(text: string): void {
  /** Searches from the end: the newest message is there, and a search through all rows would be measured as well. */
  const lastWith = (root: Node): Element | undefined => {
    for (let node = root.lastChild; node !== null; node = node.previousSibling) {
      if (node instanceof Text && node.data.includes(text)) return node.parentElement ?? undefined
      if (!(node instanceof Element)) continue
      const within = (node.shadowRoot && lastWith(node.shadowRoot)) ?? lastWith(node)
      if (within) return within
    }
    return undefined
  }
  const isInView = (element: Element): boolean => {
    const { top, bottom, height } = element.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight
  }
  const hasField = (root: ParentNode): boolean =>
    root.querySelector('textarea, [contenteditable]') !== null ||
    [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot !== null && hasField(shadowRoot))
  const seen = new Promise<number>((resolve) => {
    const look = () => {
      const element = document.body && lastWith(document.body)
      if (element && isInView(element) && hasField(document)) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  Object.assign(globalThis, { seen })
}
