/** The entry of `chat-widget.js`, loaded by script tag: a module that defines `<chat-widget>`. */
import { elementWith } from './chat-widget-element.ts'
import { defineChatWidget } from './define.ts'
import { engineBeside, folderOf } from './engine-file.ts'

export { ChatWidgetElement } from './chat-widget-element.ts'

defineChatWidget(
  elementWith({ server: folderOf(import.meta.url), loadEngine: engineBeside(import.meta.url) }),
)
