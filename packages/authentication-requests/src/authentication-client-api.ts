/** Types of the SDK's public surface. */
import type { AuthenticationRequestStatus, BindingMode, ChatError } from '@chat-widget/protocol'

export interface AuthenticationClientOptions {
  /** Address of the chat server, e.g. `https://chat.example.com`; with its path if it has one. */
  readonly server: string
  /**
   * The app that asks. Default: the server's default app. Required for links, QR codes and events by API key. Decisions
   * are verified against it: without it, those of any app of the server are accepted.
   */
  readonly app?: string
  /** A key of the app; on servers only. Raises the limits and gives access to other callers' requests. */
  readonly apiKey?: string
  /** Shown to the person. Default: `app`, else the server's host. At most 120 characters. */
  readonly applicationTitle?: string
  /** `iss` of decisions. Default: `server`. Set it if you reach the server by another address than its public one. */
  readonly issuer?: string
  /** Default: `console`. */
  readonly logger?: Logger
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

export interface Logger {
  info(...data: unknown[]): void
  warn(...data: unknown[]): void
  error(...data: unknown[]): void
}

export interface AuthenticationClient {
  readonly logger: Logger
  authentication(): Authentication
  /** Ends every wait (with `closed`) and every subscription, and leaves no timer and no connection. Idempotent. */
  close(): void
}

/**
 * The person to ask: a string is a ten-digit identifier. `scan`: the first person to scan the request's QR code
 * (`generateQR({ cid })`); `selfID` then says who that was. Needs an API key.
 */
export type Whom =
  | string
  | { readonly email: string }
  | { readonly identifier: string }
  | { readonly scan: true }

export interface RequestOptions {
  /**
   * Id of the request; calling again with the same id and input attaches to it. A UUID, or a text of 1 to 200
   * characters, from which a UUID is made. Without an API key it has to be hard to guess. Default: a random UUID.
   */
  readonly cid?: string
  /** Resolves as soon as the request is made, as `pending`. Default `false`. */
  readonly async?: boolean
  /** Seconds for which the request is valid, 1 to 900. Default 900. */
  readonly expiresIn?: number
  /** Seconds that the blocking form waits, 0 to 900; then it resolves as `pending`. Default 900. */
  readonly waitForResponse?: number
  /** Ends the wait; the request itself goes on until it is canceled or over. */
  readonly signal?: AbortSignal
  /** `code`: the person has to type `bindingCode`, which you show where they sign in. Default `none`. */
  readonly binding?: BindingMode
  /** Shown to the person as your claim. At most 120 characters. */
  readonly userName?: string
  /** IPv4 or IPv6; shown to the person as your claim. */
  readonly userIp?: string
  /** Place of the user, e.g. a city; shown to the person as your claim. At most 120 characters. */
  readonly userOrigin?: string
}

export interface AuthenticationResponse {
  /** The conversation's id: the request's, as you gave it. `String(response)` is the same. */
  readonly cid: string
  readonly status: AuthenticationRequestStatus
  /** `true` approved, `false` denied; `undefined` for any other outcome, which `errorMessage` explains. */
  readonly accepted: boolean | undefined
  /**
   * The person who decided, verified and signed by the server; `undefined` until a decision. Never merely the person
   * asked.
   */
  readonly selfID: string | undefined
  /** For developers; `undefined` once approved or denied. */
  readonly errorMessage: string | undefined
  /** Set while the request is pending, with `binding: 'code'`. */
  readonly bindingCode: string | undefined
  /** Set for outcomes by API key: store it, and pass it as `after` to the next subscription. */
  readonly cursor: string | undefined
  /** True if the person approved. */
  isAccepted(): boolean
  /** The conversation's id. */
  toString(): string
}

/** If it returns a promise, the next outcome for the same observer waits for it. */
export type Observer = (response: AuthenticationResponse) => unknown

export interface SubscribeOptions {
  /**
   * With an API key: the `cursor` of the last outcome you handled, or `''` for all from the beginning. Default:
   * outcomes from now on, and those of this client's own requests.
   */
  readonly after?: string
  /** Called when the subscription ended for good, e.g. the key was revoked. Default: logs the error. */
  readonly onError?: (error: ChatError) => void
}

export interface LinkOptions {
  /**
   * A request to open on the device; one made with `scan` becomes the scanning person's. Without it the link only
   * connects the app.
   */
  readonly cid?: string
  /** `http(s)` address that the person is sent back to. At most 2048 characters. */
  readonly callback?: string
}

export interface Authentication {
  /**
   * Asks a person to confirm that it is they who sign in. Waits for the decision; with `async`, or with an observer,
   * resolves once the request is made. Rejects for misuse (`TypeError`), transport failure (`ChatError`) and abort; a
   * denial is a value. Calls the observer once, with the outcome.
   */
  request(whom: Whom, options?: RequestOptions, observer?: Observer): Promise<AuthenticationResponse>
  /** Resolves with the outcome. */
  waitFor(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /** Resolves with the present state. */
  get(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /** Cancels the request; an earlier decision stays. */
  cancel(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /**
   * Reports every outcome once: with an API key those of the app, else those of this client's requests. Returns the
   * unsubscribe.
   */
  subscribe(observer: Observer, options?: SubscribeOptions): () => void
  /** The deep link as a QR code: an SVG document, or a PNG's bytes. */
  generateQR(options: LinkOptions & { readonly format: 'svg' }): Promise<string>
  generateQR(options?: LinkOptions & { readonly format?: 'png' }): Promise<Uint8Array>
  /** A link that connects the person who opens it to the app. */
  generateDeepLink(callback?: string): string
}
