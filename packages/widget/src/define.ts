/** Registers `<chat-widget>`; does nothing if it is registered already. */
import { ChatWidgetElement, type ShellDefaults } from './chat-widget-element.ts'

export function defineChatWidget(defaults: ShellDefaults): void {
  if (customElements.get('chat-widget')) return
  customElements.define(
    'chat-widget',
    class extends ChatWidgetElement {
      protected override get defaults() {
        return defaults
      }
    },
  )
}
