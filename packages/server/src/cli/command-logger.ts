/** The command's log: JSON lines on standard error, secrets left out. */
import type { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Environment } from '../config/flags.ts'

const LEVELS: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Never logged on purpose; removed in case an error object contains them. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'secret',
  'secretHash',
  'token',
  'context',
]

export function createCommandLogger(env: Environment, stream: Writable): Logger {
  const level = env.LOG_LEVEL === undefined || env.LOG_LEVEL === '' ? 'info' : env.LOG_LEVEL
  if (!LEVELS.includes(level))
    throw new ConfigurationError('LOG_LEVEL', `must be one of ${LEVELS.join(', ')}`)
  const paths = SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
  return pino({ level, redact: { paths, censor: '[redacted]' } }, stream)
}
