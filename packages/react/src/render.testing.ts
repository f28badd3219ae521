/** Renders components into the page of the test, and reports what React warns of. */
import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest'

export interface Rendered {
  readonly container: HTMLElement
  render(node: ReactNode): void
  unmount(): void
}

const roots = new Set<Root>()
let warnings: MockInstance<typeof console.error>

/** Unmounts all after each test, in which React may warn of nothing. */
export function cleanUpAfterEach(): void {
  beforeEach(() => {
    warnings = vi.spyOn(console, 'error')
  })
  afterEach(() => {
    for (const root of roots) root.unmount()
    roots.clear()
    document.body.replaceChildren()
    expect(warnings.mock.calls).toEqual([])
  })
}

export function render(
  node: ReactNode,
  {
    container = document.body.appendChild(document.createElement('main')),
    root = createRoot(container),
  } = {},
): Rendered {
  roots.add(root)
  const again = (next: ReactNode) => flushSync(() => root.render(next))
  again(node)
  return {
    container,
    render: again,
    unmount() {
      flushSync(() => root.unmount())
      roots.delete(root)
    },
  }
}
