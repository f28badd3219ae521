/** Headless chat client for browsers and Node. */
export type * from './chat-client-api.ts'
export type * from './chat-state.ts'
export type { ChatStorage } from './storage/chat-storage.ts'
