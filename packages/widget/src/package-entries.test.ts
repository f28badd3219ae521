import { oneEvent } from '@open-wc/testing'
import { expect, it } from 'vitest'
import type { ChatWidgetElement } from './chat-widget-element.ts'
import { type FreshPage, importIn, openFreshPage } from './fresh-page.testing.ts'
import { find } from './looking.testing.ts'

const importElement = (page: FreshPage) =>
  importIn<typeof import('./element.ts')>(page, new URL('./element.ts', import.meta.url))
const importIndex = (page: FreshPage) =>
  importIn<typeof import('./index.ts')>(page, new URL('./index.ts', import.meta.url))

/** Puts an element into the page whose server does not answer. */
function put({ document }: FreshPage, name: string): ChatWidgetElement {
  const element = document.createElement(name) as ChatWidgetElement
  element.app = 'shop'
  document.body.append(element)
  return element
}

it('exports the class alone, for a page that defines it when it likes', async () => {
  const page = await openFreshPage()
  const { ChatWidgetElement } = await importElement(page)
  expect(page.customElements.get('chat-widget')).toBeUndefined()
  page.customElements.define('own-chat', class extends ChatWidgetElement {})
  const element = put(page, 'own-chat')
  await oneEvent(element, 'widget-ready')
  expect(find(element, '[part=launcher]')).not.toBeNull()
  expect(element.server).toBe(location.origin)
})

it('defines the element when the package is imported, and loads its engine as a module of the package', async () => {
  const page = await openFreshPage()
  page.console.warn = () => {}
  const { ChatWidgetElement } = await importIndex(page)
  expect(page.customElements.get('chat-widget')).toBe(ChatWidgetElement)
  const element = put(page, 'chat-widget')
  expect(element).toBeInstanceOf(ChatWidgetElement)
  const opened = oneEvent(element, 'widget-open')
  element.show()
  await opened
  expect(find(element, 'textarea')).not.toBeNull()
})

it('leaves a definition that is there, of a script tag or of another copy', async () => {
  const page = await openFreshPage()
  const [{ ChatWidgetElement }, { defineChatWidget }, { elementWith }] = [
    await importIndex(page),
    await importIn<typeof import('./define.ts')>(page, new URL('./define.ts', import.meta.url)),
    await importIn<typeof import('./chat-widget-element.ts')>(
      page,
      new URL('./chat-widget-element.ts', import.meta.url),
    ),
  ]
  defineChatWidget(elementWith({ server: 'https://other.test', loadEngine: () => Promise.reject() }))
  expect(page.customElements.get('chat-widget')).toBe(ChatWidgetElement)
})
