/** The shop with its chat on three servers: PostgreSQL, Redis, and nginx in front, all on this machine. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type ChatServers, startChatServers } from '../../../scripts/chat-servers.mjs'
import { COMMAND } from './chat-server-process.ts'
import { loadSecrets, secretsAsEnvironment, writeServerConfig } from './demo-config.ts'
import { choosePort } from './ports.ts'
import { DEMO_CUSTOMERS } from './shop/customers.ts'
import { createShop } from './shop/shop-server.ts'

export interface ClusterOptions {
  /** Folder of configuration, secrets and files. Created if missing. The database is a new one each time. */
  readonly dataDir: string
  /** 0 picks a free one. Default: 4173 for the shop and 4000 for the chat, or free ones when those are taken. */
  readonly ports?: { readonly shop?: number; readonly chat?: number }
  /** The servers' output. */
  readonly onServerOutput?: (text: string) => void
}

export interface Cluster {
  readonly shopUrl: string
  /** The address of nginx. */
  readonly chatUrl: string
  readonly consoleUrl: string
  readonly agent: { readonly email: string; readonly password: string }
  readonly customers: readonly { readonly email: string; readonly password: string }[]
  readonly apiKey: string
  readonly nodes: ChatServers['nodes']
  /** Idempotent. */
  close(): Promise<void>
}

const SERVERS = 3
const HOST = '127.0.0.1'
const USUAL_PORTS = { shop: 4173, chat: 4000 }
const AGENT = { name: 'Robin Reed', email: 'robin@northwind.example', password: 'northwind-agent' }

/** Resolves when all of it answers. Rejects, with nothing left running, if a part cannot start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const dataDir = resolve(options.dataDir)
  const opened: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      for (const end of opened.toReversed()) await end()
    })()
    return closing
  }
  try {
    const secrets = await loadSecrets(dataDir)
    let chatUrl = ''
    const { tokenSecret, botSecret, apiKey } = secrets
    const shop = createShop({ chatUrl: () => chatUrl, tokenSecret, botSecret, apiKey })
    await shop.listen({ host: HOST, port: await choosePort(options.ports?.shop, USUAL_PORTS.shop, HOST) })
    opened.push(() => shop.close())
    const shopUrl = `http://${HOST}:${(shop.server.address() as AddressInfo).port}`

    const chatPort = await choosePort(options.ports?.chat, USUAL_PORTS.chat, HOST)
    const configFile = await writeServerConfig(dataDir, { shopUrl, apiKey })
    await shareFiles(configFile, join(dataDir, 'files'))
    const servers = await startChatServers({
      ...{ count: SERVERS, configFile, dataDir, env: secretsAsEnvironment(secrets) },
      ...(chatPort === 0 ? {} : { port: chatPort }),
      ...(options.onServerOutput === undefined ? {} : { onOutput: options.onServerOutput }),
    })
    opened.push(servers.close)
    chatUrl = servers.url
    await addAgent(servers.storageArgs)
    const { nodes } = servers
    return {
      ...{ shopUrl, chatUrl, consoleUrl: `${chatUrl}/console/`, apiKey, nodes, close },
      agent: { email: AGENT.email, password: AGENT.password },
      customers: DEMO_CUSTOMERS.map(({ email, password }) => ({ email, password })),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** All servers keep visitors' files in one folder. Mail has nowhere to go, so nobody signs in by it. */
async function shareFiles(configFile: string, folder: string): Promise<void> {
  const config = JSON.parse(await readFile(configFile, 'utf8')) as {
    files?: object
    apps: { login: { methods: string[] } }[]
  }
  config.files = { folder }
  for (const { login } of config.apps) login.methods = login.methods.filter((method) => method !== 'email')
  await mkdir(folder, { recursive: true })
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`)
}

async function addAgent(storageArgs: readonly string[]): Promise<void> {
  const { name, email, password } = AGENT
  const args = [COMMAND, 'agent', 'add', name, '--email', email, '--password-stdin', ...storageArgs]
  const child = promisify(execFile)(process.execPath, args)
  child.child.stdin?.end(`${password}\n`)
  await child
}
