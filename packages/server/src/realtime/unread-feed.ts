/** Tells agents the number of unread messages in all open conversations, also in those outside their lists. */
import type { Logger } from 'pino'
import type { Storage } from '../storage/storage.ts'
import type { Presence } from './presence.ts'
import { AGENTS_ROOM } from './rooms.ts'
import type { AgentNamespace, AgentSocket } from './socket-server.ts'

/** Interval of counts, so that a flood of messages costs one; the number in a title may lag. */
const GATHER_MS = 250

export function createUnreadFeed({
  agents,
  present,
  storage,
  logger,
}: {
  readonly agents: AgentNamespace
  /** Of the agents' rooms. */
  readonly present: Presence
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
      const agentsThere = (await present([AGENTS_ROOM])).size > 0
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
    /** Called when a message was stored or read. */
    changed: schedule,
    /** Tells an agent who has just connected. */
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
