/** Types of chat-servers.mjs. */
import type { PostgresServer } from './postgres-server.mjs'
import type { RedisServer } from './redis-server.mjs'

export interface ChatServerNode {
  /** `http://127.0.0.1:PORT`: the server itself, without nginx. */
  readonly url: string
  readonly pid: number
  isRunning(): boolean
  /** Sends it, and waits for nothing. */
  signal(signal: NodeJS.Signals): void
  /** Default SIGTERM. Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, on the same port, unless it runs. */
  start(): Promise<void>
}

export interface ChatServerOptions {
  /** Flags of the command, besides host and port. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly onOutput?: (text: string) => void
}

export interface ChatServers {
  /** The address of nginx. */
  readonly url: string
  readonly nodes: readonly ChatServerNode[]
  readonly postgres: PostgresServer
  /** `null` where PostgreSQL is the broker. */
  readonly redis: RedisServer | null
  /** Flags that give a command of the server the same database. */
  readonly storageArgs: readonly string[]
  /** Idempotent. */
  close(): Promise<void>
}

export interface ChatServersOptions {
  readonly count: number
  readonly configFile: string
  /** Each server gets a folder in it. */
  readonly dataDir: string
  /** Default Redis. */
  readonly broker?: 'redis' | 'postgres'
  /** Of nginx. Default: a free one. */
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly onOutput?: (text: string) => void
}

/** Resolves when it listens. End it with `stop()`. */
export function startChatServer(options: ChatServerOptions): Promise<ChatServerNode>

export function startChatServers(options: ChatServersOptions): Promise<ChatServers>
