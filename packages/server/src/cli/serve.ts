/** `chat-widget-server [flags]`: starts the server and stays until a signal. */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { ChatServer } from '../chat-server.ts'
import type { ServerConfig } from '../config/config.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { type Environment, readSettings } from '../config/flags.ts'
import { loadConfig } from '../config/load-config.ts'
import { isLoopback } from '../config/urls.ts'
import { createCommandLogger } from './command-logger.ts'
import { printLine, type Terminal } from './terminal.ts'

const DEV_AGENT = { name: 'Dev Agent', email: 'agent@example.com' } as const

/** Resolves with the exit code when the server was stopped; rejects if it cannot start. */
export async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const config = loadConfig(argv, terminal.env)
  const logger = createCommandLogger(terminal.env, terminal.stderr)
  const signals = listenForSignals(terminal, readSettings(argv, terminal.env).settings.config !== undefined)
  try {
    // Loaded after the check of the configuration, whose errors are then printed at once.
    const { createChatServer } = await import('../chat-server.ts')
    const server = await createChatServer({ ...config, logger, tracesMessages: namesEndpoint(terminal.env) })
    signals.onHangUp(() => reload(server, config, { argv, terminal, logger }))
    try {
      if (config.dev) await prepareDevelopment(server, config, logger, terminal)
      printLine(terminal.stdout, `listening on ${await server.listen()}`)
      const signal = await signals.stopped
      logger.info({ signal }, 'draining')
    } finally {
      await server.close()
    }
    return 0
  } finally {
    signals.forget()
  }
}

/** As OpenTelemetry's exporters read it. */
const namesEndpoint = (env: Environment): boolean =>
  [env.OTEL_EXPORTER_OTLP_ENDPOINT, env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].some((url = '') => url !== '')

/**
 * The first signal drains; a second one exits at once. SIGHUP reloads the configuration: before the server listens it
 * has no effect, and without a file it drains, as when a terminal is closed.
 */
function listenForSignals(terminal: Terminal, hasFile: boolean) {
  let forget: () => void = () => undefined
  let readAgain: () => void = () => undefined
  const stopped = new Promise<string>((resolve) => {
    let count = 0
    forget = terminal.onSignal((signal) => {
      if (signal === 'SIGHUP' && hasFile) return readAgain()
      count += 1
      if (count > 1) terminal.exit(1)
      resolve(signal)
    })
  })
  return {
    stopped,
    forget,
    onHangUp(listener: () => void) {
      readAgain = listener
    },
  }
}

/** Settings that take effect when the server starts. */
const AT_START = ['defaultApp', 'publicUrl', 'trustedProxies', 'limits', 'files', 'mail'] as const

/** Apps, origins, keys, secrets and agents' sign-in change at once. A bad file changes nothing. */
function reload(
  server: ChatServer,
  atStart: ServerConfig,
  { argv, terminal, logger }: { argv: readonly string[]; terminal: Terminal; logger: Logger },
): void {
  try {
    const config = loadConfig(argv, terminal.env)
    server.setApps(config.apps)
    server.setSignIn(config.signIn)
    const waiting = AT_START.filter((key) => !isDeepStrictEqual(atStart[key], config[key]))
    logger.info('the configuration was read again')
    if (waiting.length > 0) logger.warn({ waiting }, 'these settings take effect at the next start')
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    logger.error(`${error.message.replaceAll('\n', '; ')}; nothing has changed`)
  }
}

async function prepareDevelopment(
  server: ChatServer,
  config: ServerConfig,
  logger: Logger,
  terminal: Terminal,
): Promise<void> {
  if (!isLoopback(config.host))
    logger.warn({ host: config.host }, '--dev is for development only, but others can reach this address')
  const password = randomBytes(12).toString('base64url')
  const { name, email } = DEV_AGENT
  // A console that is open stays signed in over restarts.
  if ((await server.agents.setPassword(email, password, { keepSessions: true })) === null)
    await server.agents.add({ name, email, password })
  printLine(terminal.stdout, `agent: ${email} / ${password}`)
}
