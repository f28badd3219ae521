/** The public API of `ChatClient`, for the widget and for hosts without the widget. */
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
  MessageDraft,
  UserToSet,
} from './chat-state.ts'
import type { ConversationsPorts } from './conversations/conversations-ports.ts'
import type { FileReadingPorts } from './files/file-reading-ports.ts'
import type { Cause } from './identity/states.ts'
import type { LoginPorts } from './login-requests.ts'
import type { ChatStorage } from './storage/chat-storage.ts'

export interface ChatClientOptions {
  readonly app: string
  /** The server's address, e.g. `https://chat.example.com`; with its path if it has one. */
  readonly server: string
  /** Language of the chat, BCP 47: mails about unread answers are in it. Default: the browser's. */
  readonly locale?: string
  /** Treatment of the anonymous conversation at sign-in. Default `merge`. */
  readonly mergePolicy?: 'merge' | 'separate'
  /** Storage of session, outbox and drafts. Default: IndexedDB in browsers, memory in Node. */
  readonly storage?: ChatStorage
  /** Milliseconds. Default 30 000. */
  readonly providerTimeoutMs?: number
  /** Time for which a tapped login button waits for `user`. Milliseconds, default 15 minutes. */
  readonly loginTimeoutMs?: number
  /** The `close()` of an earlier client on the same storage: its data is read once this resolves. */
  readonly after?: Promise<unknown>
}

export interface ChatClientEvents {
  /** Anything in `getState()` changed. Emitted at most once per microtask. */
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
   * Connects; resumes an existing session, else makes an anonymous one ([ID1]). Resolves when connected, and the user,
   * if any, is signed in or needs to act; rejects on a fatal error. Idempotent.
   */
  connect(): Promise<void>
  /**
   * [ID2] Setting it signs the user in; `null` (or a `userIdentifier` of `null`) signs out. Works in the background;
   * `identity-change` reports the result. The object is copied. Throws a `TypeError` that names the field if malformed.
   */
  get user(): ChatUser | null
  set user(user: UserToSet)
  /** Sets `user`, and resolves when the identity is settled. Rejects with the code that ended the connection. */
  setUser(user: UserToSet): Promise<void>
  /**
   * Resolves with the acknowledged message, which may take days. Rejects with a code that says what happens to it:
   *
   * - `bad-request`, `too-large` (no text, too long, a value that is not offered), `closed`, `identity-changed`: it is
   *   not stored, and never sent.
   * - `send-pending`: the client was closed; it is stored, or being sent. Sending it again would make two.
   * - The code that ended the connection, or with which the server refused it: it is stored, for the visitor to retry.
   *   `already-answered`: another device was first, or the visitor had taken a reply before. Of a file: `too-large`,
   *   `file-refused`, `file-unreadable`, `not-found` (the app takes none), `rate-limited`, or `server-unreachable` and
   *   `unavailable` after several attempts.
   */
  send(message: string | MessageDraft): Promise<Message>
  /** Retries a failed message with the same client id. */
  retry(clientId: ClientMessageId): void
  /** Deletes a failed message, or a file that is being sent: its upload ends. */
  discard(clientId: ClientMessageId): Promise<void>
  /**
   * Starts a conversation for the visitor of the call, in all their tabs ([DL15]): rejects with `identity-changed` if they
   * sign out before.
   */
  newConversation(): Promise<ConversationId>
  /** Shows one of the visitor's conversations, in all their tabs. Rejects with `not-found` if it is not theirs. */
  showConversation(id: ConversationId): Promise<void>
  /**
   * [ID13] Resolves after the server revoked the session and local data is deleted. `everywhere` also applies to a
   * sign-out under way; it rejects with `identity-changed` if that one's session had ended or there was none, and the
   * others go on.
   */
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  /**
   * [ID15] Begins a login request and emits `login-request`. If the card has one that is `requested`, returns that one.
   */
  requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest
  /**
   * [ID15] Lets the chat itself sign the visitor in, by a method of the app that needs no host. The request then has
   * `isBuiltIn`; continue with `createBuiltInLogin` of `@chat-widget/client/built-in-login`. Call it again whenever
   * somebody was asked: the request then outlives their code.
   */
  takeLogin(requestId: LoginRequestId): void
  /** @internal For parts of the client that are loaded when they are used. */
  readonly parts: BuiltInLoginPorts & ConversationsPorts & FileReadingPorts & LoginPorts
  cancelLogin(requestId: LoginRequestId): void
  failLogin(requestId: LoginRequestId, reason: string): void
  /** Prepends the page before the first item. Resolves with true if there is more. */
  loadOlder(): Promise<boolean>
  /** Marks everything in the timeline as read. */
  markRead(): void
  setTyping(typing: boolean): void
  /**
   * The visitor acted: a storage of `on-interaction` is written from now on. `send()`, `requestLogin()` and writing a
   * draft say so too.
   */
  allowStorage(): void
  /** Text being written in the shown conversation, stored across reloads. Each conversation has its own. */
  draft: string
  getState(): ChatState
  /** The last 200 identity transitions with time, cause, tab and code, without secrets. */
  trace(): readonly TraceEntry[]
  on<Name extends keyof ChatClientEvents>(
    name: Name,
    listener: (detail: ChatClientEvents[Name]) => void,
  ): () => void
  /**
   * Closes socket, timers and listeners; stored data stays, and it resolves when all is stored. Waits for a sign-out
   * under way, 5 s at most. Idempotent.
   */
  close(): Promise<void>
}

export interface TraceEntry extends IdentityTransition {
  readonly cause: Cause
  /** ISO 8601, by this device's clock. */
  readonly at: string
  /** Distinguishes the tabs of one browser: new for each `ChatClient`. */
  readonly tab: string
}
