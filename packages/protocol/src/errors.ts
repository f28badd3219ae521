/** Stable codes of all errors that cross the wire or reach a host. */

/** Codes the server answers with. */
export const SERVER_ERROR_CODES = [
  /** The payload is malformed; the message names the key. */
  'bad-request',
  /** The payload is over a limit of `LIMITS`. */
  'too-large',
  /** No such app on this server. */
  'unknown-app',
  /** The page's origin is not on the app's allow-list. */
  'origin-refused',
  /** Client and server speak different versions of the protocol. */
  'protocol-version',
  /** The session is unknown, revoked or was replaced. */
  'session-invalid',
  /** The event needs an identity and the socket has none yet. */
  'unauthenticated',
  /** The context's lifetime is over. */
  'context-expired',
  /** The context could not be verified, or is not a JSON object within the limits. */
  'context-invalid',
  /** The context is for another subject than `userIdentifier`. */
  'context-mismatch',
  /** The verifier could not be reached; the context may be good. */
  'verifier-unavailable',
  /** There is no such thing, or it belongs to somebody else. */
  'not-found',
  /** The agent's role or the app's configuration does not allow it. */
  'forbidden',
  /** The client id was used for a message with another body. */
  'client-id-reused',
  /**
   * The message was answered before: its quick reply or button was taken, or its form filled in. Also of a conversation
   * that was rated before.
   */
  'already-answered',
  /** A file's content is of a type that the app does not take, or was found harmful. */
  'file-refused',
  /** The id is taken by something else. */
  'conflict',
  'rate-limited',
  /** The server cannot store right now; nothing was stored. */
  'unavailable',
  'internal',
] as const

export type ServerErrorCode = (typeof SERVER_ERROR_CODES)[number]

/** Codes of errors that arise in the client alone. */
export const CLIENT_ERROR_CODES = [
  /** The `app` attribute is missing. */
  'app-missing',
  /** No connection to the server could be made. */
  'server-unreachable',
  /** `user` is not `null` or `{ userIdentifier, requestContextProvider }`. */
  'user-malformed',
  /** The provider did not answer in time. */
  'provider-timeout',
  /** The provider threw or rejected. */
  'provider-failed',
  /** The browser refuses to keep data; messages are held in memory. */
  'storage-unavailable',
  /** Stored data is not understood, e.g. after a version was rolled back; it was dropped. */
  'storage-unreadable',
  /**
   * A script of the page changes the output of `JSON.stringify`, e.g. `Array.prototype.toJSON` of an old prototype.js.
   */
  'json-patched',
  /** A part of the widget could not be loaded. */
  'load-failed',
  /** The bytes of a file cannot be read: it was moved, is a folder, or the browser did not keep it. */
  'file-unreadable',
  /** `ChatWidget('…')` was called with a name that is no command. */
  'unknown-command',
  /** An override in `strings` is of the wrong type; the message names it, and the widget's own word is used. */
  'strings-malformed',
  /** The client is closed, or was closed during the call. A message is not stored. */
  'closed',
  /** The client was closed before the message was acknowledged: it is stored or being sent, and goes out once. */
  'send-pending',
  /** The identity changed during the call; its result belongs to another user. */
  'identity-changed',
] as const

export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number]

export type ErrorCode = ServerErrorCode | ClientErrorCode

/** An error on the wire. `message` is for developers, never for visitors, and contains no secret. */
export interface WireError {
  readonly code: ServerErrorCode
  readonly message: string
  /** Milliseconds after which to try again, with `rate-limited` and `unavailable`. */
  readonly retryAfterMs?: number
}

/** Answer to every acknowledged event. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: WireError }

/** Codes after which connecting again with the same input cannot succeed. Everything else is retried. */
export const FATAL_CONNECT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unknown-app',
  'origin-refused',
  'protocol-version',
  'app-missing',
  'json-patched',
  'bad-request',
])

/** Codes after which sending the same message again cannot succeed: the message is shown as failed. */
export const FATAL_SEND_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad-request',
  'too-large',
  'not-found',
  'client-id-reused',
  'already-answered',
  'file-refused',
  'file-unreadable',
  'forbidden',
])

/** The one error class of client and server. Narrow by `switch (error.code)`. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ErrorCode
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options)
    this.code = code
    this.retryAfterMs = options.retryAfterMs
  }
}
