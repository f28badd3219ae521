/** Turns what the engine tells into the element's events. */
import type { EngineEvent } from '../engine-contract.ts'
import {
  ConnectionChangeEvent,
  IdentityChangeEvent,
  LoginButtonEvent,
  MessageReceivedEvent,
  MessageSentEvent,
  UnreadChangeEvent,
} from '../events.ts'
import type { ChatWidgetDelegate } from '../public-types.ts'

/** Answers `false` when a listener called `preventDefault()`. */
export function dispatchEngineEvent(
  element: HTMLElement & { readonly delegate: ChatWidgetDelegate | null },
  event: EngineEvent,
): boolean {
  switch (event.type) {
    case 'login-button': {
      const proceed = element.dispatchEvent(new LoginButtonEvent(event.detail))
      element.delegate?.didTapUserLoginButton?.(event.detail)
      return proceed
    }
    case 'identity-change':
      return element.dispatchEvent(new IdentityChangeEvent(event.detail))
    case 'connection-change':
      return element.dispatchEvent(new ConnectionChangeEvent(event.detail))
    case 'message-sent':
      return element.dispatchEvent(new MessageSentEvent(event.detail))
    case 'message-received':
      return element.dispatchEvent(new MessageReceivedEvent(event.detail))
    case 'unread-change':
      return element.dispatchEvent(new UnreadChangeEvent(event.detail))
    default:
      return event satisfies never
  }
}
