/** `chat-widget-server [flags]`: starts the server and stays until a signal. */
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { ChatServer } from '../chat-server.ts'
import type { ServerConfig } from '../config/config.ts'
import { loadConfig } from '../config/load-config.ts'
import { isLoopback } from '../config/urls.ts'
import { createCommandLogger } from './command-logger.ts'
import { printLine, type Terminal } from './terminal.ts'

const DEV_AGENT = { name: 'Dev Agent', email: 'agent@example.com' } as const

/** Resolves with the exit code when the server was told to stop; rejects when it cannot start. */
export async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const config = loadConfig(argv, terminal.env)
  const logger = createCommandLogger(terminal.env, terminal.stderr)
  const stop = listenForSignals(terminal)
  try {
    // Loaded when the configuration is good: what is wrong with it is told at once.
    const { createChatServer } = await import('../chat-server.ts')
    const server = await createChatServer({ ...config, logger })
    try {
      if (config.dev) await prepareDevelopment(server, config, logger, terminal)
      printLine(terminal.stdout, `listening on ${await server.listen()}`)
      const signal = await stop.signaled
      logger.info({ signal }, 'draining')
    } finally {
      await server.close()
    }
    return 0
  } finally {
    stop.forget()
  }
}

/** The first signal drains; whoever sends a second one does not want to wait. */
function listenForSignals(terminal: Terminal) {
  let forget: () => void = () => undefined
  const signaled = new Promise<string>((resolve) => {
    let count = 0
    forget = terminal.onSignal((signal) => {
      count += 1
      if (count > 1) terminal.exit(1)
      resolve(signal)
    })
  })
  return { signaled, forget }
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
  if ((await server.agents.setPassword(email, password)) === null)
    await server.agents.add({ name, email, password })
  printLine(terminal.stdout, `agent: ${email} / ${password}`)
}
