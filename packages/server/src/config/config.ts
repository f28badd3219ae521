/** The server's configuration after it was read, checked and its secrets were resolved. */
import type { AppId, LoginMethod } from '@chat-widget/protocol'
import type { Language } from '../text/language.ts'
import type { AuthenticationRequestLimits } from './authentication-request-limits.ts'

export interface ServerConfig {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly redisUrl?: string
  readonly dev: boolean
  readonly apps: readonly AppConfig[]
  /** Whose authentication requests the path without an app makes. Default: the first of `apps`. */
  readonly defaultApp?: AppId
  /** Where others reach the server, without a slash at its end. Default: the address it listens on. */
  readonly publicUrl?: string
  /** Proxies that are believed for whom they ask: addresses, ranges, `loopback`. Default: `loopback`. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: AddressLimitsConfig
  readonly mail?: { readonly smtpUrl: string; readonly from: string }
}

/** What visitors of one address may do together; of IPv6 a /64 is one. */
export interface AddressLimitsConfig {
  /** Connections at once. Default 1000. */
  readonly socketsPerAddress?: number
  /** Anonymous visitors that are new. Default 600. */
  readonly newVisitorsPerMinute?: number
  /** Requests beyond the few that each visitor has. Default 100. */
  readonly requestsPerSecond?: number
}

export interface AppConfig {
  readonly id: AppId
  readonly name: string
  /** Of mails in the app's name. Default `en`. */
  readonly locale?: Language
  /** Origins that may connect: exact, or with `*` for the port or one leading label. */
  readonly origins: readonly string[]
  /** How a context becomes a verified user; without it nobody can be identified. */
  readonly context?: ContextConfig
  /** What agents are shown, where a function of the embedding application verifies; else it stands in `context`. */
  readonly display?: DisplayConfig
  /** A convention that actions follow by themselves. Default: only what an action's placeholders name is used. */
  readonly contextStyle?: ContextStyle
  readonly login: {
    readonly methods: readonly LoginMethod[]
    readonly continueAsGuest: boolean
    /** How long a login by email or identifier lasts. Days, default 30. */
    readonly sessionDays?: number
  }
  readonly actions: Readonly<Record<string, ActionConfig>>
  /** Lower-case hex of each key's SHA-256. */
  readonly apiKeyHashes: readonly string[]
  readonly bot?: { readonly url: string; readonly secret: string }
  /** Default: `DEFAULT_REQUEST_LIMITS`. */
  readonly authenticationRequests?: {
    readonly limits: AuthenticationRequestLimits
    /** How long a request is kept after it ended, 1 to 3650. Default 30. */
    readonly keepDays?: number
    /** Default: by mail, decided on this server's own page. */
    readonly provider?: ForwardConfig
  }
}

/** A server with QuantAuth's interface that asks the app's people. */
export interface ForwardConfig {
  readonly kind: 'forward'
  readonly url: string
  readonly apiKey?: string
  /** Of the other server. Default: its default app. */
  readonly app?: string
  /** Of the keys that it signs decisions with. Default: `/.well-known/jwks.json` under `url`. */
  readonly jwksUrl?: string
  /** Of signed decisions. Default: `url`. */
  readonly issuer?: string
  /** Of signed decisions. Default: `app`. */
  readonly audience?: string
  /** Pinned: a decision that is signed with any other is refused. Default `ES256`. */
  readonly algorithm?: 'ES256' | 'RS256'
  /** Whoever answers under `url` is believed; nothing has to be signed. Default false. */
  readonly trustUnsigned?: boolean
}

/**
 * `asapp`: the keys that ASAPP's web SDK documents. `Auth.Headers`, `Auth.Cookies` and `Auth.Token` become headers of
 * every action's request, `Auth.Body` goes into the body of a POST.
 */
export type ContextStyle = 'asapp'

export interface TokenConfig {
  /** Dot path of the token inside the context, e.g. `Auth.Token`. */
  readonly tokenPath: string
  /** Pinned: a token with any other algorithm is refused. */
  readonly algorithms: readonly string[]
  readonly issuer: string
  readonly audience: string
}

/** Label → where its value is read. Shown to agents in this order, and used for nothing else. */
export type DisplayConfig = Readonly<Record<string, DisplaySource>>

export type DisplaySource =
  /** Dot path in what the verifier proved. */
  | { readonly claim: string }
  /** Dot path in the context as the browser sent it: shown as not verified. */
  | { readonly context: string }

export type ContextConfig = { readonly display?: DisplayConfig } & ContextVerification

type ContextVerification =
  | (TokenConfig & {
      readonly kind: 'jwt'
      /** Shared secret, or a public key as PEM or JWK text. */
      readonly secret: string
    })
  | (TokenConfig & { readonly kind: 'jwks'; readonly url: string })
  | {
      readonly kind: 'introspect'
      readonly url: string
      /** `whsec_…`: the server signs its calls by the Standard Webhooks scheme. */
      readonly secret?: string
    }

/** A call to the company's API. `{Auth.Token}` in a header or in the URL's query is taken from the verified context. */
export interface ActionConfig {
  readonly url: string
  /** Default `GET`. */
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** Whether a target that resolves to a private address is allowed; a literal private address in `url` always is. */
  readonly allowPrivateAddress: boolean
}
