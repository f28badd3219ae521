/** State of a chat that a host reads: the unions of connection, identity, timeline and logins. */
import type {
  AppInfo,
  BuiltInMethod,
  ClientMessageId,
  ConversationId,
  ErrorCode,
  FileId,
  FormValues,
  LoginRequestId,
  Message,
  MessageId,
  OwnConversation,
  PostedBy,
  ReplyChoice,
  TypingAuthor,
} from '@chat-widget/protocol'

/** The JSON object that host and operator agreed on, e.g. `{ Auth: { Token: '…' } }`. */
export type RequestContext = { readonly [key: string]: unknown }

/**
 * Supplies the context. `needsRefresh` is `true` if the last one expired or was refused: return fresh credentials. May
 * be asynchronous. Answers after 30 s (or after `signal` aborts) are dropped.
 */
export type RequestContextProvider = (
  needsRefresh: boolean,
  options: { readonly signal: AbortSignal },
) => RequestContext | Promise<RequestContext>

export interface ChatUser {
  /** The host's permanent id of the customer. The verified context must be for this subject. */
  readonly userIdentifier: string
  readonly requestContextProvider: RequestContextProvider
}

/** An anonymous visitor, like `null`: for hosts that always have a user object. */
export interface AnonymousUser {
  readonly userIdentifier: null
  readonly requestContextProvider?: RequestContextProvider | undefined
}

/** Values that a host may set as `user`. */
export type UserToSet = ChatUser | AnonymousUser | null

export type ConnectionState =
  | { readonly status: 'offline' }
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly attempt: number }
  /** Not connected and not trying. `reason` is set if an error ended it. */
  | { readonly status: 'closed'; readonly reason?: ErrorCode }

/** [ID17] */
export type IdentityState =
  | { readonly status: 'anonymous' }
  | { readonly status: 'authenticating'; readonly userIdentifier: string }
  | {
      readonly status: 'identified'
      readonly userIdentifier: string
      readonly expiresAt: number | null
      /** The method that proved it, if it was not the host: an approval by email or by identifier. */
      readonly method?: BuiltInMethod
    }
  | { readonly status: 'refreshing'; readonly userIdentifier: string }
  | {
      readonly status: 'reauthentication-required'
      readonly userIdentifier: string
      readonly code: ErrorCode
    }
  | { readonly status: 'signing-out'; readonly userIdentifier: string }

/** A file as a page has it: a `File`, or any other `Blob` with a name. */
export type FileToSend = Blob & { readonly name?: string }

/**
 * A message to send: a text, a file with text to it, the choice of a quick reply or a button of the message `to`, or the
 * values of the form `to`. A choice may have the label as its `text`, which is shown until the server has it.
 */
export type MessageDraft =
  | { readonly text: string }
  | FileDraft
  | { readonly reply: ReplyChoice; readonly text?: string }
  | { readonly to: number; readonly values: FormValues }

export interface FileDraft {
  readonly file: FileToSend
  readonly text?: string
}

/** A file in the outbox. Its bytes are kept beside it. */
export interface OutgoingFile {
  readonly file: {
    /** As the device has it; the server may clean it. */
    readonly name?: string | undefined
    /** Bytes. */
    readonly size: number
    /** As the device has it, perhaps empty; the server goes by the content. */
    readonly type: string
    /** Set once the server was told of it. */
    id?: FileId | undefined
  }
  readonly text?: string
}

/** Bytes of a file in the outbox, as long as the page holds them. */
export interface PendingUpload {
  readonly bytes: Blob
  /** Bytes that the server has. */
  readonly sent: number
  /** False if it is known that they will be gone after a reload. */
  readonly isKept?: boolean
}

/** A message in the outbox: a text, a file, or a body of another form. */
export type OutgoingBody = string | Exclude<PostedBy<'visitor'>, { readonly file: unknown }> | OutgoingFile

/** State of a message that the server has not acknowledged. */
export type PendingState =
  | { readonly status: 'waiting'; readonly for: 'connection' | 'identity' }
  | { readonly status: 'sending' }
  | { readonly status: 'failed'; readonly code: ErrorCode }

export type TimelineItem =
  | {
      readonly kind: 'stored'
      readonly message: Message
      /** Set for the visitor's own messages: stored, held by a console, read by an agent or the bot. */
      readonly delivery: 'sent' | 'delivered' | 'read' | null
    }
  | {
      readonly kind: 'pending'
      readonly clientId: ClientMessageId
      /** Of an answer to a form, its values. */
      readonly text: string
      readonly body: OutgoingBody
      /** Of a file; absent after a reload, until its turn comes. */
      readonly upload?: PendingUpload | undefined
      /** ISO 8601, by this device's clock. */
      readonly createdAt: string
      readonly state: PendingState
    }

export interface TimelineState {
  /** Stored messages by seq, then pending ones in order of writing. A sent message keeps its client id as key. */
  readonly items: readonly TimelineItem[]
  /** True if the server has messages older than the first item. */
  readonly hasOlder: boolean
  readonly status: 'empty' | 'loading' | 'loaded'
}

export type LoginReason = 'message' | 'expired' | 'action'

/** [ID15] One tap on a login button, and its outcome. */
export interface LoginRequest {
  readonly requestId: LoginRequestId
  readonly reason: LoginReason
  readonly conversationId: ConversationId | null
  /** The tapped card's message; `null` for "Sign in again". */
  readonly messageId: MessageId | null
  /** Set if the chat itself signs the visitor in, by email or identifier, instead of the host. */
  readonly isBuiltIn?: true
  readonly state:
    | { readonly status: 'requested' }
    | { readonly status: 'signed-in' }
    | { readonly status: 'canceled' }
    | { readonly status: 'failed'; readonly reason: string }
    | { readonly status: 'timed-out' }
}

/** The state of a chat; before there is a client, `INITIAL_STATE`. */
export interface ChatState {
  readonly connection: ConnectionState
  readonly identity: IdentityState
  readonly conversation: { readonly id: ConversationId; readonly headSeq: number } | null
  /** Number of messages of the other side that the visitor has not read, in all their conversations. */
  readonly unread: number
  /** The visitor's own conversations with a message: the current one, then the newest; at most about 20. */
  readonly conversations: readonly OwnConversation[]
  readonly timeline: TimelineState
  /** The author who is typing on the other side. */
  readonly typing: TypingAuthor | null
  /** The newest request of each card, and of "Sign in again". */
  readonly logins: readonly LoginRequest[]
  /** `null` until the server sent it. */
  readonly app: AppInfo | null
  /** `persistent` if unsent messages survive a reload ([DL5]). */
  readonly saved: 'persistent' | 'memory'
}

/**
 * The state of a chat before there is a client: on a server, and until the page is interactive. A client's own begins
 * with what it finds stored.
 */
export const INITIAL_STATE: ChatState = {
  connection: { status: 'closed' },
  identity: { status: 'anonymous' },
  conversation: null,
  unread: 0,
  conversations: [],
  timeline: { items: [], hasOlder: false, status: 'empty' },
  typing: null,
  logins: [],
  app: null,
  saved: 'persistent',
}
