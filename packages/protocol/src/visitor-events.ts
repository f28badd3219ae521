/**
 * Realtime events between a visitor's device and the server, in the Socket.IO namespace `/visitor`.
 * Requests are validated by the schemas of the same name; every request is answered with a `Result`.
 */
import type { AuthenticationRequestStatus } from './authentication-requests.ts'
import type { Result, WireError } from './errors.ts'
import type { IdentityReceipt, WireIdentity } from './identity.ts'
import type { AuthenticationRequestId, ConversationId, FileId } from './ids.ts'
import type {
  Conversation,
  ConversationHead,
  DeliveryReceipt,
  LoginMethod,
  Message,
  MessageAuthor,
  ReadReceipt,
  TypingNotice,
} from './message.ts'
import type { Appearance, PreChatForm } from './schemas/appearance.ts'
import type { UploadRequest } from './schemas/files.ts'
import type { TraceRequest } from './schemas/trace.ts'
import type {
  ApprovalContext,
  AuthenticateRequest,
  CreateAuthenticationRequest,
  DeliveredRequest,
  FetchMessagesRequest,
  ListOwnConversationsRequest,
  OwnAuthenticationRequest,
  RateConversationRequest,
  ReadRequest,
  SendMessageRequest,
  ShowConversationRequest,
  SignOutRequest,
  TypingRequest,
} from './schemas/visitor.ts'

export const VISITOR_NAMESPACE = '/visitor'

/** Sent as Socket.IO's `auth`: in the first packet, never in the URL. */
export type { VisitorHandshake } from './schemas/visitor.ts'
export type {
  Appearance,
  ApprovalContext,
  AuthenticateRequest,
  CreateAuthenticationRequest,
  DeliveredRequest,
  FetchMessagesRequest,
  ListOwnConversationsRequest,
  OwnAuthenticationRequest,
  PreChatForm,
  RateConversationRequest,
  ReadRequest,
  SendMessageRequest,
  ShowConversationRequest,
  SignOutRequest,
  TraceRequest,
  TypingRequest,
  UploadRequest,
}

/** Sent once after each connection. */
export interface Ready {
  /** The server's release, e.g. `1.2.3`. Followers of a leading tab are not told. */
  readonly release?: string
  /** The server's clock, milliseconds since the epoch. */
  readonly serverTime: number
  readonly identity: WireIdentity
  /** A session secret newly issued to this device; absent if the one in the handshake stays valid. */
  readonly session?: IssuedSession
  /** The current conversation, created on its first message; `null` while unidentified. */
  readonly conversation: ReadyConversation | null
  readonly app: AppInfo
}

/** The current conversation, as `ready` brings it. */
export interface ReadyConversation extends Conversation {
  /** The newest, ascending, if the device asked for them. Absent if the device has to fetch them ([DL18]). */
  readonly messages?: readonly Message[]
}

/** Facts about an app that its visitors' devices are told ([WH1]). */
export interface AppInfo {
  readonly name: string
  readonly login: { readonly methods: readonly LoginMethod[]; readonly continueAsGuest: boolean }
  /** Limits of the app's files; absent if it takes none. */
  readonly files?: FileLimits
  /** Set if a visitor may have one open conversation at a time; absent: any number. */
  readonly openConversations?: 'one'
  /** Absent if the app's configuration has none of it. */
  readonly appearance?: AppAppearance
}

/** Looks and words of an app, and who is there. */
export interface AppAppearance extends Appearance {
  /** Absent if the app has no `hours`. */
  readonly availability?: Availability
  /** A form to be answered before the first message of a conversation. */
  readonly preChat?: PreChatForm
}

/** Whether agents answer now. */
export interface Availability {
  readonly status: 'online' | 'away'
  /** Begin of the next opening hours while they are over. Milliseconds since the epoch. */
  readonly opensAt?: number
}

export interface FileLimits {
  /** Size of the largest file. */
  readonly maxBytes: number
  /** Media types, or with `*`, e.g. `image/*`. The server goes by the content. */
  readonly types: readonly string[]
}

export interface IssuedSession {
  /** Base64url of 256 random bits. */
  readonly token: string
}

export interface FetchedMessages {
  readonly messages: readonly Message[]
  readonly headSeq: number
}

export interface Authenticated {
  readonly serverTime: number
  readonly identity: Extract<WireIdentity, { status: 'identified' }>
  /** The rotated secret; absent if an existing identified session was merely renewed. */
  readonly session?: IssuedSession
  readonly conversation: Conversation
  /** Absent on a renewal. */
  readonly receipt?: IdentityReceipt
}

/** Leave to upload one file. */
export interface UploadTicket {
  readonly fileId: FileId
  /** A secret of 256 random bits, sent as the header `upload-ticket`. */
  readonly ticket: string
  /** Of the upload, below the server's address: the tus protocol's `HEAD`, `PATCH` and `DELETE`. */
  readonly path: string
  /** Time for which the ticket is good; then it can be asked for again. Milliseconds. */
  readonly expiresInMs: number
  /** True if the file is uploaded and was found good already: it can be sent. */
  readonly isStored: boolean
}

/** A login inside the chat under way: somebody was asked, or so it seems ([AR6]). */
export interface AskedPerson {
  readonly requestId: AuthenticationRequestId
  /** The initiator's own: authorises following, canceling and claiming the request ([AR3]). */
  readonly secret: string
  /** For the approver to type ([AR2]). */
  readonly bindingCode: string
  /** Relative, so that no clock matters. Milliseconds. */
  readonly expiresInMs: number
  /** Time after which the same person may be asked again. Milliseconds. */
  readonly resendInMs: number
}

/** State of a request made by this device. `subject`: the person who approved, once approved. */
export interface AskedPersonOutcome {
  readonly requestId: AuthenticationRequestId
  readonly status: AuthenticationRequestStatus
  /** Canceled by too many wrong codes. */
  readonly isLocked: boolean
  /** The verified email address or identifier of the person who approved; `null` until then. */
  readonly subject: string | null
}

/** One of a visitor's conversations, in the list of its owner's devices. */
export interface OwnConversation {
  readonly id: ConversationId
  readonly status: 'open' | 'closed'
  /** Messages of the other side that the visitor has not read. */
  readonly unread: number
  readonly lastMessage: Message
  /** The agent who wrote last, if one of its newest messages is an agent's. */
  readonly agent?: MessageAuthor
}

export interface OwnConversationPage {
  readonly conversations: readonly OwnConversation[]
  /** Pass it as `cursor` for the next page; `null` at the end. */
  readonly cursor: string | null
  /** Unread messages in all the owner's conversations, listed or not. */
  readonly unread: number
}

type Answer<Value> = (result: Result<Value>) => void

export interface VisitorToServerEvents {
  /** Verifies a context: signs in, or renews the identity on the same socket ([ID10]). */
  'identity:authenticate': (request: AuthenticateRequest, answer: Answer<Authenticated>) => void
  /** Revokes the session; the server then closes the socket. */
  'identity:sign-out': (request: SignOutRequest, answer: Answer<null>) => void
  /**
   * Reports transitions of the identity, for operators ([ID17]). Stored with this device's conversation, if it has one.
   */
  'identity:trace': (request: TraceRequest, answer: Answer<null>) => void
  /**
   * Makes a conversation without messages the current one. `forbidden` if the app allows one open conversation at a time
   * and there is one.
   */
  'conversation:start': (request: Record<string, never>, answer: Answer<Conversation>) => void
  /** Makes one of the owner's conversations the current one on this device. */
  'conversation:show': (request: ShowConversationRequest, answer: Answer<Conversation>) => void
  /** Lists the owner's conversations with at least one message, newest first, in pages of 20 at most. */
  'conversations:list': (request: ListOwnConversationsRequest, answer: Answer<OwnConversationPage>) => void
  /** Rates one of the owner's conversations, which is closed; once. Answered with the stored event. */
  'conversation:rate': (request: RateConversationRequest, answer: Answer<Message>) => void
  'conversation:read': (request: ReadRequest, answer: Answer<null>) => void
  /** Without an answer: the next one, or the next connection, makes up for a lost one. */
  'conversation:delivered': (request: DeliveredRequest) => void
  /**
   * Asks a person, by one of the app's methods, to confirm that they are this visitor, with binding code ([AR2]). The
   * device gets the outcome as `authentication-request`, of the newest five requests.
   */
  'authentication-request:create': (request: CreateAuthenticationRequest, answer: Answer<AskedPerson>) => void
  /** Follows a request again, after reconnecting. */
  'authentication-request:follow': (
    request: OwnAuthenticationRequest,
    answer: Answer<AskedPersonOutcome>,
  ) => void
  'authentication-request:cancel': (
    request: OwnAuthenticationRequest,
    answer: Answer<AskedPersonOutcome>,
  ) => void
  /** Answered with the stored message ([DL2]); for a repeated client id with the one stored before. */
  'message:send': (request: SendMessageRequest, answer: Answer<Message>) => void
  'messages:fetch': (request: FetchMessagesRequest, answer: Answer<FetchedMessages>) => void
  /** Announces a file, or asks again for a ticket of one that is not uploaded whole ([FI2]). */
  'file:upload': (request: UploadRequest, answer: Answer<UploadTicket>) => void
  /** Without an answer; lost ones do not matter. */
  typing: (request: TypingRequest) => void
}

export interface ServerToVisitorEvents {
  ready: (ready: Ready) => void
  /** Another configuration, or agents came or left. */
  app: (app: AppInfo) => void
  message: (message: Message) => void
  /** The head seq, at least every `LIMITS.headIntervalMs` ([DL3]). */
  head: (head: ConversationHead) => void
  receipt: (receipt: ReadReceipt) => void
  delivered: (receipt: DeliveryReceipt) => void
  typing: (typing: TypingNotice) => void
  /** The current conversation changed, by another device or by the server. */
  conversation: (conversation: Conversation) => void
  /** One of the owner's conversations that this device does not show was deleted ([PD3]): `conversations:list` tells which are left. */
  'conversations:deleted': () => void
  /**
   * The server needs a context: `refresh` is passed to the provider as `needsRefresh`. `true` if the context expired or
   * the company's API refused it, `false` if the server only lost it. Answered by `identity:authenticate`.
   */
  'context:needed': (need: {
    readonly refresh: boolean
    readonly cause: 'expired' | 'action' | 'lost'
  }) => void
  /** A request that this device follows has ended. */
  'authentication-request': (outcome: AskedPersonOutcome) => void
  /** The session ended; the socket is closed next. */
  'session:ended': (error: WireError) => void
  /** The limits were exceeded: the socket is closed next, and may reconnect after `retryAfterMs`. */
  wait: (error: WireError) => void
}
