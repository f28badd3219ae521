/** The class of `<chat-widget>` from npm, not defined yet: a page may define it when it likes, or a subclass of it. */
import { type ChatWidgetElement as Element, type ElementClass, elementWith } from './chat-widget-element.ts'

export type { ChatWidgetAttributes, ChatWidgetProperties } from './attributes-element.ts'
export type * from './events.ts'
export type * from './public-types.ts'

export type ChatWidgetElement = Element
export const ChatWidgetElement: ElementClass = elementWith({
  get server() {
    return location.origin
  },
  // Followed by bundlers, which make files of the engine and of what it loads later.
  loadEngine: () => import('./engine/index.ts'),
})
