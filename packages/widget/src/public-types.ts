/** Types of the API of `<chat-widget>`. */
import type { ChatUser, ConnectionState, IdentityState, LoginReason, MessageDraft } from '@chat-widget/client'
import type {
  ConversationId,
  ErrorCode,
  IdentityReceipt,
  LoginRequestId,
  Message,
  MessageId,
  OwnConversation,
} from '@chat-widget/protocol'
import type { WidgetStrings } from './locales/widget-strings.ts'

export type { ChatUser, MessageDraft }

export type WidgetMode = 'floating' | 'inline'
export type WidgetPosition = 'bottom-end' | 'bottom-start'
export type WidgetTheme = 'auto' | 'light' | 'dark'
/** `unread` puts the number of unread messages before the page's title. */
export type PageTitleMode = 'unread' | 'unchanged'
/**
 * How a message that comes while the chat is closed makes itself known. `sound`: a preview beside the launcher, and a
 * sound if the visitor switches it on; `all`: notifications of the browser too, if the visitor switches them on.
 */
export type AlertsMode = 'sound' | 'all' | 'preview' | 'off'
export type MergePolicy = 'merge' | 'separate'
/** `auto` loads and connects a closed chat only when there is something to tell ([ID18]). */
export type ConnectMode = 'auto' | 'eager'
/** `on-interaction` stores nothing before the visitor's first action. */
export type StorageMode = 'persistent' | 'session' | 'on-interaction' | 'none'

/** Overrides of the widget's texts, one by one. */
export type ChatWidgetStrings = {
  readonly [Name in keyof WidgetStrings]?: WidgetStrings[Name] | undefined
}

export interface LoginButtonDetail {
  readonly requestId: LoginRequestId
  /** The kind of work that waits for the sign-in. */
  readonly reason: LoginReason
  readonly conversationId: ConversationId | null
  /** The tapped card's message; `null` for "Sign in again". */
  readonly messageId: MessageId | null
}

/** The delegate form of the `login-button` event. */
export interface ChatWidgetDelegate {
  didTapUserLoginButton?(detail: LoginButtonDetail): void
}

export interface ChatWidgetState {
  readonly connection: ConnectionState
  readonly identity: IdentityState
  readonly conversation: { readonly id: ConversationId; readonly headSeq: number } | null
  /** Unread messages of all the visitor's conversations. */
  readonly unread: number
  /** The current one, then the newest. */
  readonly conversations: readonly OwnConversation[]
  readonly open: boolean
}

export interface IdentityChangeDetail {
  readonly identity: IdentityState
  /** Changes made by a sign-in; sent once. */
  readonly receipt?: IdentityReceipt
}

export interface ConnectionChangeDetail {
  readonly status: ConnectionState['status']
  /** With `closed`: the error that ended the connection. */
  readonly reason?: ErrorCode
}

export interface MessageDetail {
  readonly message: Message
}

export interface ConversationEndDetail {
  readonly conversationId: ConversationId
}

export interface UnreadChangeDetail {
  readonly count: number
}

export interface AgentJoinedDetail {
  readonly conversationId: ConversationId
  /** `avatar`: URL of a picture, https. */
  readonly agent: { readonly name: string; readonly avatar?: string }
}

export interface WidgetErrorDetail {
  /** Stable; see the error codes of the protocol. */
  readonly code: ErrorCode
  /** For developers, never for visitors. */
  readonly message: string
}

export type EmptyDetail = Readonly<Record<string, never>>
