/** Publishes changes of conversations within the server, after they were stored. */
import type { Message } from '@chat-widget/protocol'
import type { ConversationRecord } from '../storage/storage.ts'

export type ConversationChange =
  | {
      readonly kind: 'message'
      readonly message: Message
      readonly conversation: ConversationRecord
      /** True if a delivery to the bot was stored with it. */
      readonly isBotAsked: boolean
    }
  | {
      readonly kind: 'read'
      readonly conversation: ConversationRecord
      readonly reader: 'visitor' | 'agent'
      readonly seq: number
    }
  | {
      readonly kind: 'delivered'
      readonly conversation: ConversationRecord
      readonly holder: 'visitor' | 'agent'
      readonly seq: number
    }
  /** A new status, handler or owner. */
  | { readonly kind: 'state'; readonly conversation: ConversationRecord }

export type ConversationChanges = ReturnType<typeof createConversationChanges>

export function createConversationChanges() {
  const listeners = new Set<(change: ConversationChange) => void>()
  return {
    /** Synchronous, so that changes of one conversation are published in the order in which they were stored. */
    publish(change: ConversationChange): void {
      for (const listener of [...listeners]) listener(change)
    },
    /** Returns the unsubscribe. A listener must not throw. */
    subscribe(listener: (change: ConversationChange) => void): () => void {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
