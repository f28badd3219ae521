/** Loads and checks the whole configuration: flags, environment, file. */

import type { DisplayConfig, ServerConfig, SignInConfig } from './config.ts'
import { readConfigFile } from './config-file.ts'
import { configFile, type FileConfig } from './config-schema.ts'
import { allIssues, ConfigurationError, firstIssue, gatherProblems } from './configuration-error.ts'
import { displayConfig, refuseToken } from './display-schema.ts'
import { type Environment, readSettings, type Setting, type Settings } from './flags.ts'
import { DEFAULT_TOKEN_PATH } from './placeholders.ts'
import { signIn } from './sign-in-schema.ts'
import { readTrustedProxies } from './trusted-proxies.ts'

export const DEFAULT_HOST = '127.0.0.1'
export const DEFAULT_PORT = 8080
export const DEFAULT_DATA_DIR = './data'

/** Configuration of `--dev` without `--config`. */
const DEV_FILE = {
  apps: [{ id: 'demo', name: 'Demo', origins: ['http://localhost:*', 'http://127.0.0.1:*'] }],
}

/** Throws `ConfigurationError`, whose message has a line for each key that is wrong. */
export function loadConfig(argv: readonly string[], env: Environment): ServerConfig {
  const { settings, problems: ofSettings } = readSettings(argv, env)
  const { attempt, problems } = gatherProblems(ofSettings)
  const { port, host, 'redis-url': redisUrl, 'trusted-proxies': proxies, dev } = settings
  const listening = attempt(() => ({ port: port === undefined ? DEFAULT_PORT : readPort(port) }))
  const place = attempt(() => storagePlace(settings))
  const broker = attempt(() =>
    redisUrl === undefined ? {} : { redisUrl: checkUrl(redisUrl, ['redis:', 'rediss:']) },
  )
  const trusted = attempt(() =>
    proxies === undefined ? {} : { trustedProxies: readTrustedProxies(proxies) },
  )
  // Of a call that is wrong anyway, a missing file says nothing more.
  if (settings.config === undefined && !dev) ConfigurationError.throwAll(problems)
  const file = attempt(() => loadFile(settings, env))
  ConfigurationError.throwAll(problems)
  return {
    host: host?.value ?? DEFAULT_HOST,
    dev,
    ...listening(),
    ...place(),
    ...broker(),
    ...file(),
    ...trusted(),
  }
}

function loadFile({ config, dev }: Settings, env: Environment): FileConfig {
  if (config !== undefined) return readConfig(config, { env, dev })
  if (dev) return checkFile(DEV_FILE, { dev })
  throw new ConfigurationError(
    '--config',
    'missing; give a file (chat-widget-server init writes one), or --dev to try things out',
  )
}

/** Reads and checks the configuration file. Throws `ConfigurationError`. */
export function readConfig(
  setting: Setting,
  { env, dev }: { readonly env: Environment; readonly dev: boolean },
): FileConfig {
  const { value, problems: ofFile } = readConfigFile(setting, env)
  const { attempt, problems } = gatherProblems(ofFile)
  const checked = attempt(() => checkFile(value, { dev }))
  ConfigurationError.throwAll(problems)
  return checked()
}

/** Storage settings; shared with commands that need only these. */
export function storagePlace(settings: {
  readonly data?: Setting
  readonly 'database-url'?: Setting
}): Pick<ServerConfig, 'dataDir' | 'databaseUrl'> {
  const dataDir = settings.data?.value ?? DEFAULT_DATA_DIR
  const url = settings['database-url']
  return url === undefined
    ? { dataDir }
    : { dataDir, databaseUrl: checkUrl(url, ['postgres:', 'postgresql:']) }
}

/** Checks a file's content. Throws `ConfigurationError`. */
export function checkFile(value: unknown, options: { readonly dev: boolean }): FileConfig {
  const result = configFile(options).safeParse(value)
  if (result.success) return result.data
  const problems = allIssues(result.error).map(({ key, problem }) => ({
    key: key === '' ? '--config' : key,
    problem,
  }))
  ConfigurationError.throwAll(problems)
  throw result.error
}

/** Checks `display` beside a `verifyContext`; `key` is its path. Throws `ConfigurationError`. */
export function checkDisplay(value: unknown, key: string): DisplayConfig {
  const schema = displayConfig.superRefine((display, ctx) => refuseToken(display, DEFAULT_TOKEN_PATH, ctx))
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = firstIssue(result.error)
  throw new ConfigurationError(issue.key === '' ? key : `${key}.${issue.key}`, issue.problem)
}

/** Checks `signIn` alone. Throws `ConfigurationError`. */
export function checkSignIn(value: unknown, options: { readonly dev: boolean }): SignInConfig {
  const result = signIn(options).safeParse(value)
  if (result.success) return result.data
  const issue = firstIssue(result.error)
  throw new ConfigurationError(issue.key === '' ? 'signIn' : `signIn.${issue.key}`, issue.problem)
}

function readPort({ key, value }: Setting): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) throw new ConfigurationError(key, 'must be a number from 0 to 65535')
  return port
}

/** Checks an address without repeating it: it may contain a password. */
function checkUrl({ key, value }: Setting, protocols: readonly string[]): string {
  if (/\s/.test(value)) throw new ConfigurationError(key, 'must not hold white space')
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
    throw new ConfigurationError(key, `must be a ${protocols[0]}// URL`)
  return value
}
