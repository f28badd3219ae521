import { oneEvent } from '@open-wc/testing'
import { afterEach, expect, it, vi } from 'vitest'
import type { ChatWidgetElement } from './chat-widget-element.ts'
import { find } from './looking.testing.ts'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

/** Puts an element into the page whose server does not answer. */
function put(name: string): ChatWidgetElement {
  const element = document.createElement(name) as ChatWidgetElement
  element.app = 'shop'
  document.body.append(element)
  return element
}

it('exports the class alone, for a page that defines it when it likes', async () => {
  const { ChatWidgetElement } = await import('./element.ts')
  expect(customElements.get('chat-widget')).toBeUndefined()
  customElements.define('own-chat', class extends ChatWidgetElement {})
  const element = put('own-chat')
  await oneEvent(element, 'widget-ready')
  expect(find(element, '[part=launcher]')).not.toBeNull()
  expect(element.server).toBe(location.origin)
})

it('defines the element when the package is imported, and loads its engine as a module of the package', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { ChatWidgetElement } = await import('./index.ts')
  expect(customElements.get('chat-widget')).toBe(ChatWidgetElement)
  const element = put('chat-widget')
  expect(element).toBeInstanceOf(ChatWidgetElement)
  const opened = oneEvent(element, 'widget-open')
  element.show()
  await opened
  expect(find(element, 'textarea')).not.toBeNull()
})

it('leaves a definition that is there, of a script tag or of another copy', async () => {
  const [{ ChatWidgetElement }, { defineChatWidget }, { elementWith }] = await Promise.all([
    import('./index.ts'),
    import('./define.ts'),
    import('./chat-widget-element.ts'),
  ])
  defineChatWidget(elementWith({ server: 'https://other.test', loadEngine: () => Promise.reject() }))
  expect(customElements.get('chat-widget')).toBe(ChatWidgetElement)
})
