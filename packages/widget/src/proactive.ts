/** The entry of `proactive.js`, and of `@chat-widget/widget/proactive`: defines `<chat-widget-proactive>`. */
import { ChatWidgetProactiveElement } from './proactive/proactive-element.ts'

export { ChatWidgetProactiveElement }

const registry = globalThis.customElements as CustomElementRegistry | undefined
if (registry && !registry.get('chat-widget-proactive'))
  registry.define('chat-widget-proactive', ChatWidgetProactiveElement)
