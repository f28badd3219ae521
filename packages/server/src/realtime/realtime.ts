/** Visitors and agents over Socket.IO, attached to the HTTP server. */
import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import type { ServerConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import type { Storage } from '../storage/storage.ts'

export interface RealtimeOptions {
  readonly httpServer: HttpServer
  readonly config: ServerConfig
  readonly storage: Storage
  readonly agents: AgentAccounts
  readonly logger: Logger
}

export interface Realtime {
  /** The one service that REST, console and devices share. */
  readonly conversations: ConversationService
  /** For metrics. */
  stats(): {
    readonly visitorSockets: number
    readonly agentSockets: number
    readonly pendingBotDeliveries: number
  }
  /** Tells devices to come back later, stops the bot's queue after its current call, closes every socket. */
  close(): Promise<void>
}
