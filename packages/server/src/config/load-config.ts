/** Loads and checks the whole configuration: flags, environment, file. */

import type { DisplayConfig, ServerConfig, SignInConfig } from './config.ts'
import { readConfigFile } from './config-file.ts'
import { configFile, type FileConfig } from './config-schema.ts'
import { allIssues, ConfigurationError, firstIssue } from './configuration-error.ts'
import { displayConfig, refuseToken } from './display-schema.ts'
import { type Environment, readSettings, type Setting } from './flags.ts'
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
  const settings = readSettings(argv, env)
  const { dev } = settings
  const port = settings.port === undefined ? DEFAULT_PORT : readPort(settings.port)
  if (settings.config === undefined && !dev)
    throw new ConfigurationError(
      '--config',
      'missing; give a file (chat-widget-server init writes one), or --dev to try things out',
    )
  const file = settings.config === undefined ? DEV_FILE : readConfigFile(settings.config, env)
  return {
    host: settings.host?.value ?? DEFAULT_HOST,
    port,
    ...storagePlace(settings),
    ...(settings['redis-url'] === undefined
      ? {}
      : { redisUrl: checkUrl(settings['redis-url'], ['redis:', 'rediss:']) }),
    dev,
    ...checkFile(file, { dev }),
    ...(settings['trusted-proxies'] === undefined
      ? {}
      : { trustedProxies: readTrustedProxies(settings['trusted-proxies']) }),
  }
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
