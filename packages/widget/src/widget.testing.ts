/** A `<chat-widget>` on a fake client, and helpers to look inside. */
import { fixtureCleanup, fixtureSync, html, oneEvent } from '@open-wc/testing'
import type { ChatWidgetElement } from './chat-widget-element.ts'
import type { FakeClient } from './engine/fake-client.testing.ts'
import { type FakeWidgetOptions, useFakeClient } from './fake-widget.testing.ts'

export interface TestWidget {
  readonly element: ChatWidgetElement
  readonly client: FakeClient
  /** Number of requests for the engine's file. */
  loads(): number
}

export interface TestWidgetOptions extends FakeWidgetOptions {
  readonly attributes?: Readonly<Record<string, string>>
}

/** Puts a widget into the page, closed. */
export function mountWidget(options: TestWidgetOptions = {}): TestWidget {
  const { client, loads } = useFakeClient(options)
  const element = document.createElement('chat-widget')
  for (const [name, value] of Object.entries({ app: 'shop', ...options.attributes }))
    element.setAttribute(name, value)
  fixtureSync(html`${element}`)
  return { element, client, loads }
}

export async function openWidget(options: TestWidgetOptions = {}): Promise<TestWidget> {
  const widget = mountWidget(options)
  const opened = oneEvent(widget.element, 'widget-open')
  await oneEvent(widget.element, 'widget-ready')
  widget.element.show()
  await opened
  return widget
}

export function cleanUp(): void {
  // An element added by embed.js comes back unless it is removed by name.
  for (const element of document.querySelectorAll('chat-widget')) element.remove()
  fixtureCleanup()
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
}
