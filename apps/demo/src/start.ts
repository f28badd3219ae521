/** Starts the whole demo: the shop here, the chat server with the agents' console as a child process. */
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { type ChatServerProcess, type ServerEnd, startChatServer } from './chat-server-process.ts'
import { loadSecrets, secretsAsEnvironment, writeServerConfig } from './demo-config.ts'
import { type DemoAgent, readDevAgent } from './dev-agent.ts'
import { choosePort } from './ports.ts'
import { DEMO_CUSTOMERS } from './shop/customers.ts'
import { createShop } from './shop/shop-server.ts'

export type { ServerEnd } from './chat-server-process.ts'
export type { DemoAgent } from './dev-agent.ts'

export interface DemoOptions {
  /** Folder of database, configuration and secrets. Created if missing. */
  readonly dataDir: string
  /** 0 picks a free one. Default: 4173 for the shop and 4000 for the chat, or free ones when those are taken. */
  readonly ports?: { readonly shop?: number; readonly chat?: number }
  /** The address that both listen on and are reached by. Default `127.0.0.1`. */
  readonly host?: string
  /** Lifetime of the shop's chat tokens. Seconds, default 60. */
  readonly tokenLifetimeSeconds?: number
  /** More flags for `chat-widget-server`, e.g. `['--database-url', 'postgres://…']`. */
  readonly serverArgs?: readonly string[]
  /** Each line the chat server writes. */
  readonly onServerOutput?: (line: string) => void
  /** Called if the chat server ended by itself. It is not started again. */
  readonly onServerExit?: (end: ServerEnd) => void
}

export interface Demo {
  readonly shopUrl: string
  readonly chatUrl: string
  readonly consoleUrl: string
  /** Account for the console. The password changes when the chat server is started again. */
  readonly agent: DemoAgent
  /** Accounts for the shop. */
  readonly customers: readonly { readonly email: string; readonly password: string }[]
  /** For the REST API of the app `shop`. */
  readonly apiKey: string
  readonly dataDir: string
  /** Pid of the running chat server, or of the last one. */
  readonly serverPid: number
  /** Stops the chat server and leaves the shop running. Default SIGTERM. */
  stopServer(signal?: NodeJS.Signals): Promise<void>
  /** Starts the chat server again on the same port and data, after stopping it if it still runs. */
  restartServer(signal?: NodeJS.Signals): Promise<void>
  /** Stops both. Idempotent. */
  close(): Promise<void>
}

const USUAL_PORTS = { shop: 4173, chat: 4000 }

/** Resolves when both answer. Rejects, with nothing left running, if one cannot start. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const host = options.host ?? '127.0.0.1'
  const dataDir = resolve(options.dataDir)
  const secrets = await loadSecrets(dataDir)
  let chatUrl = ''
  const shop = createShop({
    chatUrl: () => chatUrl,
    tokenSecret: secrets.tokenSecret,
    botSecret: secrets.botSecret,
    apiKey: secrets.apiKey,
    ...(options.tokenLifetimeSeconds === undefined
      ? {}
      : { tokenLifetimeSeconds: options.tokenLifetimeSeconds }),
  })

  let stopping = false
  let server: ChatServerProcess | undefined
  const stop = async (signal?: NodeJS.Signals) => {
    stopping = true
    await server?.stop(signal)
    stopping = false
  }

  try {
    // The shop listens first: the chat server's configuration contains the shop's port.
    await shop.listen({ host, port: await choosePort(options.ports?.shop, USUAL_PORTS.shop, host) })
    const shopPort = (shop.server.address() as AddressInfo).port
    const shopUrl = addressOf(host, shopPort)

    const start = async (port: number) => {
      // Written each time: another demo on the same folder would have left its own.
      const configFile = await writeServerConfig(dataDir, { shopUrl, apiKey: secrets.apiKey })
      return startChatServer({
        args: [
          ...['--config', configFile, '--port', String(port), '--host', host, '--data', dataDir, '--dev'],
          ...(options.serverArgs ?? []),
        ],
        env: secretsAsEnvironment(secrets),
        ...(options.onServerOutput === undefined ? {} : { onOutput: options.onServerOutput }),
        onExit: (end) => {
          if (!stopping) options.onServerExit?.(end)
        },
      })
    }

    const first = await start(await choosePort(options.ports?.chat, USUAL_PORTS.chat, host))
    const { port } = first
    server = first
    let { pid } = first
    let agent = readDevAgent(first.startOutput)
    chatUrl = addressOf(host, port)
    let closing: Promise<void> | undefined

    return {
      shopUrl,
      chatUrl,
      consoleUrl: `${chatUrl}/console/`,
      get agent() {
        return agent
      },
      customers: DEMO_CUSTOMERS.map(({ email, password }) => ({ email, password })),
      apiKey: secrets.apiKey,
      dataDir,
      get serverPid() {
        return pid
      },
      stopServer: stop,
      async restartServer(signal) {
        await stop(signal)
        const next = await start(port)
        server = next
        pid = next.pid
        agent = readDevAgent(next.startOutput)
      },
      close() {
        closing ??= Promise.all([stop(), shop.close()]).then(() => undefined)
        return closing
      },
    }
  } catch (error) {
    await Promise.all([stop(), shop.close()])
    throw error
  }
}

/** A wildcard address can be listened on, but not opened. */
function addressOf(host: string, port: number): string {
  const visited = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${visited.includes(':') ? `[${visited}]` : visited}:${port}`
}
