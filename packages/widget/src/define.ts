/** Registers `<chat-widget>`; does nothing if it is registered already. */
import type { ChatWidgetElement } from './chat-widget-element.ts'

export function defineChatWidget(element: new () => ChatWidgetElement): void {
  if (!customElements.get('chat-widget')) customElements.define('chat-widget', element)
}
