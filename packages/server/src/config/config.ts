/** The server's configuration after it was read and checked and its secrets were resolved. */
import type {
  Appearance,
  AppId,
  Form,
  LoginMethod,
  PreChatForm,
  WebhookEventName,
} from '@chat-widget/protocol'
import type { HoursConfig } from '../availability/hours.ts'
import type { Language } from '../text/language.ts'
import type { AuthenticationRequestLimits } from './authentication-request-limits.ts'
import type { Secret } from './secret.ts'

export interface ServerConfig {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly redisUrl?: string
  readonly dev: boolean
  readonly apps: readonly AppConfig[]
  /** The app of authentication requests made at the path without an app. Default: the first of `apps`. */
  readonly defaultApp?: AppId
  /**
   * Address at which others reach the server, without a trailing slash; the server answers below its path. Default: the
   * address it listens on.
   */
  readonly publicUrl?: string
  /** Proxies whose forwarded client addresses are trusted: addresses, ranges, `loopback`. Default: `loopback`. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: AddressLimitsConfig
  readonly files?: FilesConfig
  readonly mail?: { readonly smtpUrl: string; readonly from: string }
  /** Agents' sign-in to the console. Default: by password. */
  readonly signIn?: SignInConfig
}

/** Agents' ways to sign in to the console. */
export interface SignInConfig {
  /** `owners`: all others come in by the issuer alone. Default `all`. */
  readonly passwords: 'all' | 'owners'
  /** Single sign-on. Default: none. */
  readonly issuer?: IssuerConfig
}

/** An issuer of OpenID Connect that agents sign in by. */
export interface IssuerConfig {
  /** Shown on the console's button. */
  readonly name: string
  /** Issuer identifier, below which `/.well-known/openid-configuration` is found. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Default `openid`, `email`, `profile`. */
  readonly scopes: readonly string[]
  /** People without an account who get one. Default: nobody. */
  readonly newAgents?: IssuerAccess & {
    /** Domains of their verified email addresses, in lower case. */
    readonly domains: readonly string[]
  }
  /** Role and apps by a claim, at each sign-in. Default: those of the account. */
  readonly access?: {
    readonly claim: string
    /** The first rule whose value the claim has; without one, nobody but owners comes in. */
    readonly rules: readonly (IssuerAccess & { readonly value: string })[]
  }
}

/** Never `owner`: an issuer's administrators are not those of this server. */
export interface IssuerAccess {
  readonly role: 'admin' | 'agent' | 'reader'
  /** Default: all. */
  readonly apps?: readonly AppId[]
}

/** Folder or bucket of the files, and the virus scanner. */
interface FilesConfig {
  /** Default: `files` in the data folder. */
  readonly folder?: string
  /** Instead of a folder. */
  readonly s3?: S3Config
  /** Default: none. */
  readonly scanner?: ScannerConfig
}

export interface S3Config {
  readonly bucket: string
  readonly region: string
  /** Address of a server other than Amazon's. */
  readonly endpoint?: string
  /** Put before each object's name, e.g. `chat/`. Default: none. */
  readonly prefix: string
  /** Default: the machine's own credentials, found as by Amazon's tools. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

/** A virus scanner. `timeoutMs`: time to answer, default 30000. */
export type ScannerConfig =
  /** Program and arguments: reads the file from standard input, exits with 0 for a clean one and with 1 for any other. */
  | { readonly command: readonly string[]; readonly timeoutMs: number }
  /** Gets the file by POST; answers 2xx for a clean one and 406 or 422 for any other. */
  | { readonly url: string; readonly timeoutMs: number }

/** Limits of an app's files. */
export interface AppFilesConfig {
  /** Size of the largest file. Default 20 MiB, at most 100 MiB. */
  readonly maxBytes: number
  /** Media types, by content: names, or with `*`. Default: pictures, PDF, plain text. */
  readonly types: readonly string[]
  /** Default 50. */
  readonly visitorFilesPerDay: number
  /** Default 200 MiB. */
  readonly visitorBytesPerDay: number
  /** All files of the app together. Default 10 GiB. */
  readonly totalBytes: number
}

/** Limits of all visitors of one address together; of IPv6, a /64 is one. */
export interface AddressLimitsConfig {
  /** Connections at once. Default 1000. */
  readonly socketsPerAddress?: number
  /** New anonymous visitors. Default 600. */
  readonly newVisitorsPerMinute?: number
  /** Requests beyond each visitor's own allowance. Default 100. */
  readonly requestsPerSecond?: number
  /** REST requests, whichever key they give. Default 1200. */
  readonly restRequestsPerMinute?: number
}

export interface WebhookConfig {
  readonly url: string
  readonly secret: Secret
  /** At least one. */
  readonly events: readonly WebhookEventName[]
}

interface UnreadMailConfig {
  /** Time for which an answer was not read. Default 15. */
  readonly afterMinutes: number
  /** The page of the site that the mail leads to. */
  readonly page: string
}

export interface AppConfig {
  readonly id: AppId
  readonly name: string
  /** Language of mails in the app's name. Default `en`. */
  readonly locale?: Language
  /** Origins that may connect: exact, or with `*` for the port or one leading label. */
  readonly origins: readonly string[]
  /** `one`: a visitor may have one open conversation at a time. Default: any number. */
  readonly openConversations?: 'one' | 'several'
  /** Verification of contexts; without it nobody can be identified. */
  readonly context?: ContextConfig
  /** Values shown to agents, if the embedding application verifies by a function; else they stand in `context`. */
  readonly display?: DisplayConfig
  /** A convention that actions follow. Default: only the values that an action's placeholders name are used. */
  readonly contextStyle?: ContextStyle
  readonly login: {
    readonly methods: readonly LoginMethod[]
    readonly continueAsGuest: boolean
    /** Days for which a login by email or identifier lasts. Default 30. */
    readonly sessionDays?: number
  }
  readonly actions: Readonly<Record<string, ActionConfig>>
  /** Lower-case hex of each key's SHA-256. */
  readonly apiKeyHashes: readonly string[]
  /** Hash of a key → REST requests per minute. Default: limited by address alone. */
  readonly apiKeyRates?: Readonly<Record<string, number>>
  readonly bot?: { readonly url: string; readonly secret: Secret }
  /** Servers that are told of events. Default: none. */
  readonly webhooks?: readonly WebhookConfig[]
  /** `false`: none. Default: `DEFAULT_FILES`. */
  readonly files?: AppFilesConfig | false
  /** Days, 1 to 3650, for which a conversation is kept after the last message in it. Default: for good. */
  readonly keepDays?: { readonly conversations: number }
  /** Looks and words that visitors are shown. */
  readonly appearance?: Appearance
  /** Hours in which agents answer. Default: visitors are not told. */
  readonly hours?: HoursConfig
  /** A form before the first message of a conversation. */
  readonly preChat?: PreChatForm
  /** A form after a message that nobody answers for now; it has a field of the type `email`. */
  readonly outOfHours?: Form
  /** Mails to customers who left with an unread answer. Default: none. */
  readonly unreadMail?: UnreadMailConfig
  /** Default: `DEFAULT_REQUEST_LIMITS`. */
  readonly authenticationRequests?: {
    readonly limits: AuthenticationRequestLimits
    /** Days for which a request is kept after it ended, 1 to 3650. Default 30. */
    readonly keepDays?: number
    /** Default: by mail, and decided on this server's own page. */
    readonly provider?: ForwardConfig
  }
}

/** A server with QuantAuth's interface that asks the app's people. */
export interface ForwardConfig {
  readonly kind: 'forward'
  readonly url: string
  readonly apiKey?: string
  /** App id on the other server. Default: its default app. */
  readonly app?: string
  /** Address of the keys that it signs decisions with. Default: `/.well-known/jwks.json` under `url`. */
  readonly jwksUrl?: string
  /** Issuer of signed decisions. Default: `url`. */
  readonly issuer?: string
  /** Audience of signed decisions. Default: `app`. */
  readonly audience?: string
  /** Pinned: a decision signed with any other is refused. Default `ES256`. */
  readonly algorithm?: 'ES256' | 'RS256'
  /** Trusts every answer from `url`, signed or not. Default false. */
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
  /** Dot path in the verified claims. */
  | { readonly claim: string }
  /** Dot path in the context as the browser sent it: shown as not verified. */
  | { readonly context: string }

export type ContextConfig = { readonly display?: DisplayConfig } & ContextVerification

type ContextVerification =
  | (TokenConfig & {
      readonly kind: 'jwt'
      /** Shared secret, or a public key as PEM or JWK text. */
      readonly secret: Secret
    })
  | (TokenConfig & { readonly kind: 'jwks'; readonly url: string })
  | {
      readonly kind: 'introspect'
      readonly url: string
      /** `whsec_…`: the server signs its calls by the Standard Webhooks scheme. */
      readonly secret?: Secret
    }

/** A call to the company's API. `{Auth.Token}` in a header or in the URL's query is taken from the verified context. */
export interface ActionConfig {
  readonly url: string
  /** Default `GET`. */
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** True if a target that resolves to a private address is allowed; a literal private address in `url` always is. */
  readonly allowPrivateAddress: boolean
}
