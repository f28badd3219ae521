/** A `<chat-widget>` on a fake client, and what tests need to look inside. */
import axe from 'axe-core'
import { expect } from 'vitest'
import { ChatWidgetElement, type ShellDefaults } from './chat-widget-element.ts'
import { createEngine } from './engine/engine.ts'
import { createFakeClient, type FakeClient } from './engine/fake-client.testing.ts'
import type { EngineModule } from './engine-contract.ts'

let defaults: ShellDefaults

class TestWidgetElement extends ChatWidgetElement {
  protected override get defaults() {
    return defaults
  }
}
customElements.define('chat-widget', TestWidgetElement)

export interface TestWidget {
  readonly element: ChatWidgetElement
  readonly client: FakeClient
  /** How often the engine's file was asked for. */
  loads(): number
}

export interface TestWidgetOptions {
  readonly client?: FakeClient
  readonly attributes?: Readonly<Record<string, string>>
  readonly load?: (attempt: number, module: EngineModule) => Promise<EngineModule>
}

/** Makes `<chat-widget>` elements use a fake client from now on. */
export function useFakeClient({ client = createFakeClient(), load }: TestWidgetOptions = {}) {
  let loads = 0
  const module: EngineModule = {
    createEngine: (host) => createEngine(host, () => ({ client, allowStorage: () => {} })),
  }
  defaults = {
    server: 'https://chat.test',
    loadEngine: (attempt) => {
      loads += 1
      return load === undefined ? Promise.resolve(module) : load(attempt, module)
    },
  }
  return { client, loads: () => loads }
}

/** Puts a widget into the page, closed. */
export function mountWidget(options: TestWidgetOptions = {}): TestWidget {
  const { client, loads } = useFakeClient(options)
  const element = document.createElement('chat-widget')
  for (const [name, value] of Object.entries({ app: 'shop', ...options.attributes }))
    element.setAttribute(name, value)
  document.body.append(element)
  return { element, client, loads }
}

export function once<Detail = unknown>(element: HTMLElement, name: string): Promise<CustomEvent<Detail>> {
  return new Promise((resolve) =>
    element.addEventListener(name, (event) => resolve(event as CustomEvent<Detail>), { once: true }),
  )
}

export async function openWidget(options: TestWidgetOptions = {}): Promise<TestWidget> {
  const widget = mountWidget(options)
  const opened = once(widget.element, 'widget-open')
  await once(widget.element, 'widget-ready')
  widget.element.show()
  await opened
  return widget
}

/** Finds the first match in the element's shadow tree, however deep. */
export function find(root: Element | ShadowRoot, selector: string): HTMLElement | null {
  return findAll(root, selector)[0] ?? null
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

/** What a visitor reads, spaces folded. */
export function textOf(root: Element): string {
  const read = (node: Node): string => {
    if (node instanceof Text) return node.data
    if (node instanceof Element && (node as HTMLElement).hidden) return ''
    const children = node instanceof Element && node.shadowRoot !== null ? node.shadowRoot : node
    return [...children.childNodes].map(read).join(' ')
  }
  return read(root).replace(/\s+/g, ' ').trim()
}

export async function expectAccessible(root: Element): Promise<void> {
  // Fading in, text is below every contrast: what counts is what stays.
  for (const animation of document.getAnimations()) animation.finish()
  const { violations } = await axe.run(root, {
    rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
  })
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)])).toEqual([])
}

export function cleanUp(): void {
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
}
