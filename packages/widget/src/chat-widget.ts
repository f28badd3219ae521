/** The entry of `chat-widget.js`, and of the package: a module that defines `<chat-widget>`. */
import { defineChatWidget } from './define.ts'
import { engineBeside } from './engine-file.ts'

export { ChatWidgetElement } from './chat-widget-element.ts'
export type * from './events.ts'
export type * from './public-types.ts'

defineChatWidget({
  server: new URL(import.meta.url).origin,
  loadEngine: engineBeside(import.meta.url),
})
