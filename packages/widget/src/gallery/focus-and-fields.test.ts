/** In each state of the gallery, on a desktop and on a phone: what has the focus can be seen, and no field makes a phone zoom. */
import { afterEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { deepActive, finishTransitions } from '../looking.testing.ts'
import { cleanUp } from '../widget.testing.ts'
import { drawState } from './gallery-state.testing.ts'
import { STATES } from './states.testing.ts'

afterEach(cleanUp)

/** Size below which Safari on a phone zooms into a field that gets the focus. */
const ZOOM_PX = 16

function* elementsIn(root: ParentNode): Generator<HTMLElement> {
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    yield element
    if (element.shadowRoot) yield* elementsIn(element.shadowRoot)
  }
}

function isWithin(node: Node | null, ancestor: Element): boolean {
  for (let at = node; at !== null; at = at instanceof ShadowRoot ? at.host : at.parentNode)
    if (at === ancestor) return true
  return false
}

function topAt(x: number, y: number): Element | null {
  let hit = document.elementFromPoint(x, y)
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y)
    if (inner === null || inner === hit) break
    hit = inner
  }
  return hit
}

/** [HP17] WCAG 2.4.11: not entirely hidden by something else. */
function canBeSeen(element: HTMLElement): boolean {
  const shown = element.matches('input[type=file], input[type=radio], input[type=checkbox]')
    ? (element.closest('label') ?? element)
    : element
  const { left, top, width, height } = shown.getBoundingClientRect()
  const steps = [0.1, 0.3, 0.5, 0.7, 0.9]
  return steps.some((x) => steps.some((y) => isWithin(topAt(left + x * width, top + y * height), shown)))
}

const nameOf = (element: HTMLElement) =>
  `${element.localName} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''}`

const framesShown = () =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

it.each(STATES)('[HP12] [HP17] $name', async (state) => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await page.viewport(390, 844)
  const { element } = await drawState(state, { parent: document.body })
  for (const [width, height] of [
    [390, 844],
    [1280, 800],
  ] as const) {
    await page.viewport(width, height)
    await framesShown()
    finishTransitions()
    const hidden: string[] = []
    const small: string[] = []
    for (const one of [...elementsIn(element.shadowRoot ?? element)]) {
      const isField = one.matches('input:not([type=file], [type=radio], [type=checkbox]), select, textarea')
      if (width < 480 && isField && Number.parseFloat(getComputedStyle(one).fontSize) < ZOOM_PX)
        small.push(nameOf(one))
      if (one.tabIndex < 0 || !one.checkVisibility()) continue
      one.focus()
      if (deepActive() === one && !canBeSeen(one)) hidden.push(nameOf(one))
    }
    expect({ width, hidden, small }).toEqual({ width, hidden: [], small: [] })
  }
})
