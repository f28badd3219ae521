/** Hands what the client tells to the shell, in the shape the public events promise. */
import type { ChatClientApi, ChatState } from '@chat-widget/client'
import type { ChatError, LoginRequestId, Message } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../engine-contract.ts'
import {
  ConnectionChangeEvent,
  IdentityChangeEvent,
  LoginButtonEvent,
  MessageReceivedEvent,
  MessageSentEvent,
  UnreadChangeEvent,
} from '../events.ts'

export interface ClientListener {
  changed(state: ChatState): void
  failed(error: ChatError): void
  /** There is no user, or no longer. */
  userLeft(): void
  /** Somebody else wrote. */
  received(message: Message): void
  /** Whether the visitor sees what arrives: then it never counts as unread. */
  isSeen(): boolean
  /** Something a problem was waiting for came about. */
  settled(what: 'connected' | 'identity' | 'sent'): void
  /** [ID15] The host left the visitor's tap on a login button to the chat. */
  unclaimed(requestId: LoginRequestId): void
}

/** Whether the same client can go on after a change of attributes. */
export const isSameConnection = (a: WidgetConfig, b: WidgetConfig) =>
  a.app === b.app && a.server === b.server && a.mergePolicy === b.mergePolicy && a.storage === b.storage

/** Whether `unread` counts what the server has, and not what has come so far. */
export const isUnreadKnown = ({ connection, identity, conversation, timeline }: ChatState): boolean =>
  connection.status === 'connected' &&
  (identity.status === 'anonymous' || identity.status === 'identified') &&
  (conversation === null || timeline.status === 'loaded')

/** Returns what ends it. */
export function relayClientEvents(
  client: ChatClientApi,
  host: EngineHost,
  listener: ClientListener,
): () => void {
  const { element } = host
  const tellUnread = (count: number) => {
    if (count === host.unread) return
    host.setUnread(count)
    element.dispatchEvent(new UnreadChangeEvent({ count }))
  }
  const unsubscribe = [
    client.on('change', (state) => {
      // The launcher shows what the last page knew until the server has said what is unread by now.
      if (isUnreadKnown(state)) tellUnread(state.unread)
      listener.changed(state)
    }),
    client.on('error', listener.failed),
    client.on('connection-change', (connection) => {
      const { status } = connection
      const reason = status === 'closed' ? connection.reason : undefined
      element.dispatchEvent(
        new ConnectionChangeEvent({ status, ...(reason === undefined ? {} : { reason }) }),
      )
      if (status === 'connected') listener.settled('connected')
    }),
    client.on('identity-change', (detail) => {
      // Another tab, or "Continue as guest", may have ended what the host has set.
      if (client.user === null) listener.userLeft()
      element.dispatchEvent(new IdentityChangeEvent(detail))
      const { status } = detail.identity
      if (status === 'identified' || status === 'anonymous') listener.settled('identity')
    }),
    client.on('message-sent', (message) => {
      element.dispatchEvent(new MessageSentEvent({ message }))
      listener.settled('sent')
    }),
    client.on('message-received', (message) => {
      listener.received(message)
      element.dispatchEvent(new MessageReceivedEvent({ message }))
    }),
    client.on('unread-change', (count) => {
      if (count > 0 && listener.isSeen()) return client.markRead()
      tellUnread(count)
    }),
    client.on('login-request', ({ requestId, reason, conversationId, messageId }) => {
      const detail = { requestId, reason, conversationId, messageId }
      const isLeft = element.dispatchEvent(new LoginButtonEvent(detail))
      const { delegate } = element
      if (delegate?.didTapUserLoginButton !== undefined) delegate.didTapUserLoginButton(detail)
      else if (isLeft) listener.unclaimed(requestId)
    }),
  ]
  return () => {
    for (const end of unsubscribe) end()
  }
}
