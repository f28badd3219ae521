/** The entry of the package: a module that defines `<chat-widget>`. On a server it does nothing. */
import { defineChatWidget } from './define.ts'
import { ChatWidgetElement } from './element.ts'

export * from './element.ts'

if (typeof customElements !== 'undefined') defineChatWidget(ChatWidgetElement)
