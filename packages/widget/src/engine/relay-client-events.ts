/** Hands what the client tells to the shell, in the shape the public events promise. */
import type { ChatClientApi, ChatState } from '@chat-widget/client'
import type { ChatError } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../engine-contract.ts'

export interface ClientListener {
  changed(state: ChatState): void
  failed(error: ChatError): void
  /** Something a problem was waiting for came about. */
  settled(what: 'connected' | 'identity' | 'sent'): void
}

/** Whether the same client can go on after a change of attributes. */
export const isSameConnection = (a: WidgetConfig, b: WidgetConfig) =>
  a.app === b.app && a.server === b.server && a.mergePolicy === b.mergePolicy && a.storage === b.storage

/** Returns what ends it. */
export function relayClientEvents(
  client: ChatClientApi,
  host: EngineHost,
  listener: ClientListener,
): () => void {
  const unsubscribe = [
    client.on('change', listener.changed),
    client.on('error', listener.failed),
    client.on('connection-change', (connection) => {
      const reason = connection.status === 'closed' ? connection.reason : undefined
      host.emit({
        type: 'connection-change',
        detail: { status: connection.status, ...(reason === undefined ? {} : { reason }) },
      })
      if (connection.status === 'connected') listener.settled('connected')
    }),
    client.on('identity-change', (detail) => {
      host.emit({ type: 'identity-change', detail })
      const { status } = detail.identity
      if (status === 'identified' || status === 'anonymous') listener.settled('identity')
    }),
    client.on('message-sent', (message) => {
      host.emit({ type: 'message-sent', detail: { message } })
      listener.settled('sent')
    }),
    client.on('message-received', (message) => host.emit({ type: 'message-received', detail: { message } })),
    client.on('unread-change', (count) => host.emit({ type: 'unread-change', detail: { count } })),
    client.on('login-request', ({ requestId, reason, conversationId, messageId }) => {
      // Answered `true`, the app's built-in ways to sign in may begin.
      host.emit({ type: 'login-button', detail: { requestId, reason, conversationId, messageId } })
    }),
  ]
  return () => {
    for (const end of unsubscribe) end()
  }
}
