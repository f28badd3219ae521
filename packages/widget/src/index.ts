/** `<chat-widget>`: its class, its events and its types. The scripts for pages are `chat-widget.ts` and `embed.ts`. */
export { ChatWidgetElement, type ShellDefaults } from './chat-widget-element.ts'
export { defineChatWidget } from './define.ts'
export * from './events.ts'
export type * from './public-types.ts'
