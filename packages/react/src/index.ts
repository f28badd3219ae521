'use client'

/** The chat widget for React 18 and 19: a component over `<chat-widget>`, and a hook over the headless client. */
export { ChatWidget, type ChatWidgetProps } from './chat-widget.ts'
export type { ChatWidgetEventOf, ChatWidgetEventProps } from './event-props.ts'
export { type Chat, type ChatCommands, type UseChatOptions, useChat } from './use-chat.ts'
