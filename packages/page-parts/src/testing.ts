/** For tests alone: puts an element on the page, looks into its shadow roots, and asks axe about it. */
import axe from 'axe-core'

/** The page holds one element at a time: the one before is taken away. */
export async function mount<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
): Promise<HTMLElementTagNameMap[Name]> {
  const element = document.createElement(name)
  Object.assign(element, properties)
  document.body.replaceChildren(element)
  await settled(element)
  return element
}

export async function settled(element: Element): Promise<void> {
  if ('updateComplete' in element) {
    await element.updateComplete
  }
  for (const child of element.shadowRoot?.querySelectorAll('*') ?? []) {
    await settled(child)
  }
}

/** What axe finds wrong, as `rule: element` lines; empty when all is well. */
export async function violations(element: Element): Promise<readonly string[]> {
  const results = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
  })
  return results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}

export function text(element: Element): string {
  const root = element.shadowRoot ?? element
  return (root.textContent ?? '').replace(/\s+/g, ' ').trim()
}

export function find<Found extends Element = HTMLElement>(element: Element, selector: string): Found {
  const found = element.shadowRoot?.querySelector<Found>(selector)
  if (found === null || found === undefined) {
    throw new Error(`nothing matches ${selector}`)
  }
  return found
}

/** Whether the focus is on what a locator finds, looking into shadow roots. */
export function hasFocus(locator: { query(): Element | null }): boolean {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) {
    active = active.shadowRoot.activeElement
  }
  return active !== null && active === locator.query()
}
