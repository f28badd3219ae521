/** The events of `<chat-widget>` as props: `login-button` is `onLoginButton`. */
import type { ChatWidgetElement, ChatWidgetEventMap } from '@chat-widget/widget'

type PascalCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${PascalCase<Rest>}`
  : Capitalize<Name>

/** An event as its handler gets it. */
export type ChatWidgetEventOf<Name extends keyof ChatWidgetEventMap> = ChatWidgetEventMap[Name] & {
  /** During the call. */
  readonly currentTarget: ChatWidgetElement
}

export type ChatWidgetEventProps = {
  readonly [Name in keyof ChatWidgetEventMap as `on${PascalCase<Name>}`]?:
    | ((event: ChatWidgetEventOf<Name>) => void)
    | undefined
}

/** The event of each prop. The compiler asks for those that are missing. */
const EVENTS: Readonly<Record<keyof ChatWidgetEventProps, keyof ChatWidgetEventMap>> = {
  onLoginButton: 'login-button',
  onIdentityChange: 'identity-change',
  onConnectionChange: 'connection-change',
  onMessageSent: 'message-sent',
  onMessageReceived: 'message-received',
  onUnreadChange: 'unread-change',
  onConversationEnd: 'conversation-end',
  onAgentJoined: 'agent-joined',
  onWidgetReady: 'widget-ready',
  onWidgetOpen: 'widget-open',
  onWidgetClose: 'widget-close',
  onWidgetError: 'widget-error',
}

export const isEventProp = (prop: string): prop is keyof ChatWidgetEventProps => Object.hasOwn(EVENTS, prop)

/** Calls whatever `handlers` returns when an event comes. Returns the function that ends it. */
export function listen(chat: ChatWidgetElement, handlers: () => ChatWidgetEventProps): () => void {
  const listening = new AbortController()
  for (const [prop, name] of Object.entries(EVENTS))
    chat.addEventListener(
      name,
      (event: Event) => {
        const handler = handlers()[prop as keyof ChatWidgetEventProps] as ((event: Event) => void) | undefined
        handler?.(event)
      },
      listening,
    )
  return () => listening.abort()
}
