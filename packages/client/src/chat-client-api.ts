/** The public surface of `ChatClient`: everything the widget, or a host without the widget, builds on. */
import type {
  ChatError,
  ClientMessageId,
  ConversationId,
  IdentityReceipt,
  IdentityTransition,
  LoginRequestId,
  Message,
} from '@chat-widget/protocol'
import type { BuiltInLoginPorts } from './built-in-login/built-in-login-ports.ts'
import type {
  ChatState,
  ChatUser,
  ConnectionState,
  IdentityState,
  LoginRequest,
  UserToSet,
} from './chat-state.ts'
import type { Cause } from './identity/states.ts'
import type { ChatStorage } from './storage/chat-storage.ts'

export interface ChatClientOptions {
  readonly app: string
  /** The server's origin, e.g. `https://chat.example.com`. */
  readonly server: string
  /** What becomes of the anonymous conversation at sign-in. Default `merge`. */
  readonly mergePolicy?: 'merge' | 'separate'
  /** Where session, outbox and drafts are kept. Default: IndexedDB in browsers, memory in Node. */
  readonly storage?: ChatStorage
  /** Default 30 000. */
  readonly providerTimeoutMs?: number
  /** How long a tapped login button waits for `user` before it is timed out. Default 15 minutes. */
  readonly loginTimeoutMs?: number
  /** The `close()` of a client on the same storage: what that one wrote is read when it resolves. */
  readonly after?: Promise<unknown>
}

export interface ChatClientEvents {
  /** Anything in `getState()` changed. Told at most once per microtask. */
  change: ChatState
  'connection-change': ConnectionState
  'identity-change': { readonly identity: IdentityState; readonly receipt?: IdentityReceipt }
  'message-sent': Message
  'message-received': Message
  'unread-change': number
  'login-request': LoginRequest
  error: ChatError
}

export interface ChatClientApi {
  /**
   * Connects; an existing session is resumed, else an anonymous one is made ([ID1]). Resolves when connected, and the
   * user, if any, is signed in or has to do something; rejects on a fatal error. Calling again is harmless.
   */
  connect(): Promise<void>
  /**
   * [ID2] Setting identifies, `null` (or a `userIdentifier` of `null`) signs out; the work goes on in the background,
   * `identity-change` tells. The object is copied. Throws `TypeError` naming the field when malformed.
   */
  get user(): ChatUser | null
  set user(user: UserToSet)
  /** As setting `user`, and resolves when the identity is settled. Rejects with the code that ended the connection. */
  setUser(user: UserToSet): Promise<void>
  /**
   * Resolves with the acknowledged message, which may take days. Rejects with a code that says what becomes of it:
   *
   * - `bad-request`, `too-large` (no text, too long), `closed`, `identity-changed`: it is not kept, and never goes out.
   * - `send-pending`: the client was closed; it is kept, or on its way. Sent again, it would be there twice.
   * - The code that ended the connection, or by which the server refused it: it is kept, for the visitor to try again.
   */
  send(text: string): Promise<Message>
  /** Tries a failed message again, with the same client id. */
  retry(clientId: ClientMessageId): void
  /** Gives a failed message up. */
  discard(clientId: ClientMessageId): Promise<void>
  /** Of the visitor of the call: rejects with `identity-changed` when they leave before it has begun. */
  newConversation(): Promise<ConversationId>
  /** Goes back to one of the visitor's conversations. Rejects with `not-found` where it is none of theirs. */
  showConversation(id: ConversationId): Promise<void>
  /**
   * [ID13] Resolves after the server revoked the session and local data is gone. `everywhere` holds for a departure under
   * way, too; it rejects with `identity-changed` if that one's session was ended before or there was none, and the others
   * go on.
   */
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  /** [ID15] Begins the life of a login request; emits `login-request`. While one of the same card is `requested`, answers that one. */
  requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest
  /**
   * [ID15] The chat itself signs the visitor in, by a method of the app that needs nothing of the host. The request says
   * `isBuiltIn` from now on; what goes on is `createBuiltInLogin` of `@chat-widget/client/built-in-login`. Call it again
   * whenever somebody was asked: the request then outlives their code.
   */
  takeLogin(requestId: LoginRequestId): void
  /** For `createBuiltInLogin`. */
  readonly builtInLogin: BuiltInLoginPorts
  cancelLogin(requestId: LoginRequestId): void
  failLogin(requestId: LoginRequestId, reason: string): void
  /** Prepends the page before the first item. Resolves with whether there is more. */
  loadOlder(): Promise<boolean>
  /** The visitor has seen everything in the timeline. */
  markRead(): void
  setTyping(typing: boolean): void
  /** Text being written, kept across reloads. */
  draft: string
  getState(): ChatState
  /** The last 200 identity transitions with time, cause, tab and code, no secrets. */
  trace(): readonly TraceEntry[]
  on<Name extends keyof ChatClientEvents>(
    name: Name,
    listener: (detail: ChatClientEvents[Name]) => void,
  ): () => void
  /**
   * Lets go of socket, timers and listeners; keeps what is stored, and resolves when all is written down. A departure
   * under way is finished first, for which it waits 5 s at most. Idempotent.
   */
  close(): Promise<void>
}

export interface TraceEntry extends IdentityTransition {
  readonly cause: Cause
  /** ISO 8601, by this device's clock. */
  readonly at: string
  /** Tells the tabs of one browser apart: new for each `ChatClient`. */
  readonly tab: string
}
