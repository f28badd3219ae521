/** Tells agents how many messages wait for them in all open conversations, also those their lists do not hold. */
import type { Logger } from 'pino'
import type { Storage } from '../storage/storage.ts'
import { AGENTS_ROOM } from './rooms.ts'
import type { AgentNamespace, AgentSocket } from './socket-server.ts'

/** A number in a title may lag; a flood of messages costs one count in this time. */
const GATHER_MS = 250

export function createUnreadFeed({
  agents,
  storage,
  logger,
}: {
  readonly agents: AgentNamespace
  readonly storage: Storage
  readonly logger: Logger
}) {
  let timer: NodeJS.Timeout | null = null
  let counting = false
  let changedMeanwhile = false
  let closed = false

  async function count(): Promise<void> {
    timer = null
    counting = true
    changedMeanwhile = false
    try {
      const room = agents.to(AGENTS_ROOM)
      const agentsThere = (await agents.in(AGENTS_ROOM).fetchSockets()).length > 0
      if (agentsThere) room.emit('unread', { count: await storage.conversations.countUnread() })
    } catch {
      logger.warn('unread messages could not be counted')
    }
    counting = false
    if (changedMeanwhile) schedule()
  }

  function schedule(): void {
    if (closed) return
    if (counting) changedMeanwhile = true
    else timer ??= setTimeout(() => void count(), GATHER_MS)
  }

  return {
    /** A message came, or was read. */
    changed: schedule,
    /** To an agent who has just connected. */
    async tell(socket: AgentSocket): Promise<void> {
      try {
        socket.emit('unread', { count: await storage.conversations.countUnread() })
      } catch {
        logger.warn('unread messages could not be counted')
      }
    },
    close(): void {
      closed = true
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
