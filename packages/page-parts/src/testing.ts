/** Helpers for tests: mount an element, and look into its shadow roots. */
import { fixture, fixtureCleanup, html } from '@open-wc/testing'

export { HOSTILE_TEXTS, harmDone, hostileContents, turnedNames } from './hostile-texts.ts'

/** Mounts an element with its properties in a fixture of its own; the one before is removed. */
export async function mount<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
): Promise<HTMLElementTagNameMap[Name]> {
  fixtureCleanup()
  const element = Object.assign(document.createElement(name), properties)
  await fixture(html`${element}`)
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

/** Time from the start to the end of each movement in the element. Milliseconds. */
export const movedFor = (element: Element): readonly number[] =>
  (element.shadowRoot?.getAnimations() ?? [])
    .filter((movement) => movement instanceof CSSAnimation)
    .map(({ effect }) => Math.round(Number(effect?.getComputedTiming().endTime)))

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

/** True if the focus is on the element that a locator finds, also within shadow roots. */
export function hasFocus(locator: { query(): Element | null }): boolean {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) {
    active = active.shadowRoot.activeElement
  }
  return active !== null && active === locator.query()
}
