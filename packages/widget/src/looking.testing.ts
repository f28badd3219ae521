/** Queries for tests, across nested shadow roots. */

/** Finds the first match in the element's shadow tree, however deep. */
export function find<Found extends HTMLElement = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
): Found | null {
  return (findAll(root, selector)[0] ?? null) as Found | null
}

export function findAll(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const scope = root instanceof Element ? (root.shadowRoot ?? root) : root
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
    if (node instanceof Text) return node.data
    if (node instanceof Element && (node as HTMLElement).hidden) return ''
    const children = node instanceof Element && node.shadowRoot !== null ? node.shadowRoot : node
    return [...children.childNodes].map(read).join(' ')
  }
  return read(root).replace(/\s+/g, ' ').trim()
}

/** Ends every transition, to test the final state. */
export function finishTransitions(root: Document | ShadowRoot = document): void {
  for (const animation of root.getAnimations())
    if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish()
  for (const element of root.querySelectorAll('*'))
    if (element.shadowRoot !== null) finishTransitions(element.shadowRoot)
}
