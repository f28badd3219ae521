/** Queries for tests, across nested shadow roots; also in a frame, whose elements are of other classes. */

const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE

/** Finds the first match in the element's shadow tree, however deep. */
export function find<Found extends HTMLElement = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
): Found | null {
  return (findAll(root, selector)[0] ?? null) as Found | null
}

export function findAll(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const scope = isElement(root) ? (root.shadowRoot ?? root) : root
  const found: HTMLElement[] = [...scope.querySelectorAll<HTMLElement>(selector)]
  for (const child of scope.querySelectorAll('*'))
    if (child.shadowRoot !== null) found.push(...findAll(child, selector))
  return found
}

/** The focused element, however deep. */
export function deepActive(): Element | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}

/** The text that a visitor reads, spaces folded. */
export function textOf(root: Element): string {
  const read = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return (node as Text).data
    if (isElement(node) && (node as HTMLElement).hidden) return ''
    const children = isElement(node) && node.shadowRoot !== null ? node.shadowRoot : node
    return [...children.childNodes].map(read).join(' ')
  }
  return read(root).replace(/\s+/g, ' ').trim()
}

/** Time from the start to the end of the longest movement; 0 if nothing moves. Milliseconds. */
export function longestMovement(root: Document | ShadowRoot = document): number {
  const ends = root.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime))
  for (const { shadowRoot } of root.querySelectorAll('*'))
    if (shadowRoot !== null) ends.push(longestMovement(shadowRoot))
  return Math.max(0, ...ends)
}

/** Ends every transition, to test the final state. */
export function finishTransitions(root: Document | ShadowRoot = document): void {
  for (const animation of root.getAnimations())
    if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish()
  for (const element of root.querySelectorAll('*'))
    if (element.shadowRoot !== null) finishTransitions(element.shadowRoot)
}
