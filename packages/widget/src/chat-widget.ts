/** The entry of `chat-widget.js`: a module that defines `<chat-widget>`. */
import { defineChatWidget } from './define.ts'
import { engineBeside } from './engine-file.ts'

defineChatWidget({
  server: new URL(import.meta.url).origin,
  loadEngine: engineBeside(import.meta.url),
})
