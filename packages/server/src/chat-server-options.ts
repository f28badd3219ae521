/** Options of `createChatServer`, and their check. */
import type { Logger } from 'pino'
import type { RequestDelivery } from './authentication-requests/authentication-requests.ts'
import { writtenKey } from './config/api-keys.ts'
import type { AddressLimitsConfig, AppConfig, DisplayConfig, ServerConfig } from './config/config.ts'
import { ConfigurationError } from './config/configuration-error.ts'
import {
  checkDisplay,
  checkFile,
  DEFAULT_DATA_DIR,
  DEFAULT_HOST,
  DEFAULT_PORT,
} from './config/load-config.ts'
import type { HttpLimits } from './http/http-limits.ts'
import type { VerifyContext } from './identity/function-verifier.ts'

/** One customer site. Omitted keys have the defaults of the configuration file. */
export type AppOptions = {
  readonly id: string
  readonly origins: readonly string[]
  /** Instead of `context`: verifies this app's contexts in your own process. */
  readonly verifyContext?: VerifyContext
  /**
   * Used with `verifyContext`: values that agents are shown. A `claim` is read in the `claims` that the function
   * returns.
   */
  readonly display?: DisplayConfig
} & {
  readonly [Key in Exclude<keyof AppConfig, 'id' | 'origins' | 'display'>]?: AppConfig[Key]
}

export interface ChatServerOptions {
  /** At least one. */
  readonly apps: readonly AppOptions[]
  /** The app of authentication requests made at the path without an app. Default: the first app. */
  readonly defaultApp?: string
  /**
   * Address at which others reach the server, e.g. `https://chat.example.com`. With a path, `https://example.com/chat`,
   * the server answers below it. Default: the address it listens on.
   */
  readonly publicUrl?: string
  /** Delivers authentication requests to their addressees. Default: none, so that requests cannot be delivered. */
  readonly delivery?: RequestDelivery
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Default 8080; 0 picks a free one. */
  readonly port?: number
  /** Folder of the SQLite file; created if missing. Default `./data`. */
  readonly dataDir?: string
  /** `postgres://…`: PostgreSQL instead of SQLite. */
  readonly databaseUrl?: string
  /** `redis://…`, with several servers on one PostgreSQL: carries events between them. Default: PostgreSQL does. */
  readonly redisUrl?: string
  /** Allows plain http for identity endpoints that are not on this machine. Default false. */
  readonly dev?: boolean
  /** Folder or bucket of the files. Default: `files` in `dataDir`. */
  readonly files?: ServerConfig['files']
  readonly mail?: ServerConfig['mail']
  /** Agents' sign-in to the console: passwords, single sign-on. Default: by password. */
  readonly signIn?: ServerConfig['signIn']
  /** Default: no log. */
  readonly logger?: Logger
  /**
   * Sends traces of messages by OTLP, as the environment says (`OTEL_EXPORTER_OTLP_ENDPOINT` …). Default false; the
   * command does where that names an endpoint.
   */
  readonly tracesMessages?: boolean
  /** Built files of the widget. Default: those of `@chat-widget/widget`. */
  readonly widgetDir?: string
  /** Built files of the console. Default: those of `@chat-widget/console`. */
  readonly consoleDir?: string
  /** Built files of the authenticator. Default: those of `@chat-widget/authenticator`. */
  readonly authenticatorDir?: string
  /** Proxies whose forwarded client addresses are trusted: addresses, ranges, `loopback`. Default: `['loopback']`. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: Partial<HttpLimits> & AddressLimitsConfig
}

/** Applies the checks of a configuration file to an embedder's options. */
export function checkOptions(options: ChatServerOptions): ServerConfig {
  const dev = options.dev ?? false
  for (const [index, { context, display, verifyContext }] of options.apps.entries()) {
    const key = `apps[${index}].verifyContext`
    if (display !== undefined && verifyContext === undefined)
      throw new ConfigurationError(`apps[${index}].display`, 'stands in context, or beside verifyContext')
    if (verifyContext === undefined) continue
    if (typeof verifyContext !== 'function') throw new ConfigurationError(key, 'must be a function')
    if (context !== undefined) throw new ConfigurationError(key, 'cannot stand beside context')
  }
  const apps = options.apps.map(
    ({ apiKeyHashes, apiKeyRates = {}, display: _display, verifyContext: _, ...app }) => ({
      ...app,
      ...(apiKeyHashes === undefined
        ? {}
        : { apiKeys: apiKeyHashes.map((hash) => writtenKey(hash, apiKeyRates)) }),
    }),
  )
  const { defaultApp, publicUrl, trustedProxies, files, mail, signIn } = options
  const { socketsPerAddress, newVisitorsPerMinute, requestsPerSecond, restRequestsPerMinute } =
    options.limits ?? {}
  const given = (values: object) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  const limits = given({
    ...{ socketsPerAddress, newVisitorsPerMinute, requestsPerSecond, restRequestsPerMinute },
  })
  const checked = checkFile(
    given({ apps, defaultApp, publicUrl, trustedProxies, limits, files, mail, signIn }),
    { dev },
  )
  return {
    host: options.host ?? DEFAULT_HOST,
    port: options.port ?? DEFAULT_PORT,
    dataDir: options.dataDir ?? DEFAULT_DATA_DIR,
    ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
    dev,
    ...checked,
    apps: checked.apps.map((app, index) => {
      const display = options.apps[index]?.display
      return display === undefined
        ? app
        : { ...app, display: checkDisplay(display, `apps[${index}].display`) }
    }),
  }
}
