/** What the SDK offers: the types of its public surface. */
import type { AuthenticationRequestStatus, BindingMode, ChatError } from '@chat-widget/protocol'

export interface AuthenticationClientOptions {
  /** Origin of the chat server, e.g. `https://chat.example.com`. */
  readonly server: string
  /**
   * The app that asks. Default: the server's default app. Needed for links, QR codes and for events by API key, and it
   * is what decisions are held against: without it, any app of the server counts.
   */
  readonly app?: string
  /** A key of the app; for servers only. Raises the limits and opens requests that others made. */
  readonly apiKey?: string
  /** Shown to the person who is asked. Default: `app`, else the server's host. At most 120 characters. */
  readonly applicationTitle?: string
  /** `iss` of decisions. Default: `server`. To be set where the server is reached by another address than its public one. */
  readonly issuer?: string
  /** Default: the console. */
  readonly logger?: Logger
  /** Default: the global one. */
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
  /** Ends every wait (`closed`) and every subscription. No timer and no connection is left. Idempotent. */
  close(): void
}

/**
 * The person asked: a string is a ten-digit identifier. `scan`: whoever scans the QR code of the request first
 * (`generateQR({ cid })`); `selfID` says who that was. Needs an API key.
 */
export type Whom =
  | string
  | { readonly email: string }
  | { readonly identifier: string }
  | { readonly scan: true }

export interface RequestOptions {
  /**
   * Id of the request; the same with the same input attaches to it. A UUID, or a text of your own of 1 to 200 characters,
   * from which its UUID is made. Without an API key it has to be hard to guess. Default: a random UUID.
   */
  readonly cid?: string
  /** Resolve as soon as the request is made, `pending`. Default `false`. */
  readonly async?: boolean
  /** Seconds the request is valid, 1 to 900. Default 900. */
  readonly expiresIn?: number
  /** Seconds the blocking form waits, 0 to 900; then `pending`. Default 900. */
  readonly waitForResponse?: number
  /** Ends the wait; the request itself lives on until it is canceled or over. */
  readonly signal?: AbortSignal
  /** `code`: the person types `bindingCode`, which you show where they want in. Default `none`. */
  readonly binding?: BindingMode
  /** Shown to the person as your claim. At most 120 characters. */
  readonly userName?: string
  /** IPv4 or IPv6; shown to the person as your claim. */
  readonly userIp?: string
  /** Where the user is, e.g. a city; shown to the person as your claim. At most 120 characters. */
  readonly userOrigin?: string
}

export interface AuthenticationResponse {
  /** The conversation's id: the request's, as you gave it. `String(response)` is the same. */
  readonly cid: string
  readonly status: AuthenticationRequestStatus
  /** `true` approved, `false` denied; `undefined` for everything else, which `errorMessage` explains. */
  readonly accepted: boolean | undefined
  /** Who decided, as the server verified and signed it; `undefined` until somebody did. Never what was asked. */
  readonly selfID: string | undefined
  /** For developers; `undefined` once approved or denied. */
  readonly errorMessage: string | undefined
  /** With `binding: 'code'`, while it is pending. */
  readonly bindingCode: string | undefined
  /** Of an outcome by API key: keep it, and subscribe after it. */
  readonly cursor: string | undefined
  /** Whether the person approved; nothing else is `true`. */
  isAccepted(): boolean
  /** The conversation's id. */
  toString(): string
}

/** A promise that it returns is waited for before the same observer is told more. */
export type Observer = (response: AuthenticationResponse) => unknown

export interface SubscribeOptions {
  /**
   * With an API key: the `cursor` of the last outcome that was dealt with, or `''` for all from the beginning. Default:
   * what happens from now on, and whatever this client asked for.
   */
  readonly after?: string
  /** The subscription has ended for good, e.g. the key was revoked. Default: reported to the logger. */
  readonly onError?: (error: ChatError) => void
}

export interface LinkOptions {
  /** A request that opens on the device; one for whoever scans it becomes theirs. Without it the link connects alone. */
  readonly cid?: string
  /** `http(s)` address the person is sent back to. At most 2048 characters. */
  readonly callback?: string
}

export interface Authentication {
  /**
   * Asks a person whether they are the one who wants in. Waits for the decision; with `async`, or with an observer, it
   * resolves once the request is made. Rejects for misuse (`TypeError`), failure of transport (`ChatError`) and abort;
   * a denial is a value. The observer hears the outcome once.
   */
  request(whom: Whom, options?: RequestOptions, observer?: Observer): Promise<AuthenticationResponse>
  /** Resolves with the outcome. */
  waitFor(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /** How it stands now. */
  get(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /** Takes it back; what was decided before stays. */
  cancel(cid: string, options?: { readonly signal?: AbortSignal }): Promise<AuthenticationResponse>
  /** Tells every outcome, once: with an API key those of the app, else those this client asked for. Returns the unsubscribe. */
  subscribe(observer: Observer, options?: SubscribeOptions): () => void
  /** The deep link as a QR code: an SVG document, or a PNG's bytes. */
  generateQR(options: LinkOptions & { readonly format: 'svg' }): Promise<string>
  generateQR(options?: LinkOptions & { readonly format?: 'png' }): Promise<Uint8Array>
  /** A link that connects whoever opens it to the app. */
  generateDeepLink(callback?: string): string
}
