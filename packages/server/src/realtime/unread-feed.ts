/** Tells agents the number of unread messages in all open conversations of their apps, also in those outside their lists. */
import type { AppId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import { belongsTo } from '../agents/permissions.ts'
import type { Storage } from '../storage/storage.ts'
import type { Presence } from './presence.ts'
import { AGENTS_ROOM } from './rooms.ts'
import type { AgentNamespace, AgentSocket } from './socket-server.ts'

/** Interval of counts, so that a flood of messages costs one; the number in a title may lag. */
const GATHER_MS = 250

export function createUnreadFeed({
  agents,
  present,
  isShared,
  storage,
  logger,
}: {
  readonly agents: AgentNamespace
  /** Of the agents' rooms. */
  readonly present: Presence
  /** True if other nodes have agents, too. */
  readonly isShared: boolean
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
      const agentsThere = (await present([AGENTS_ROOM])).size > 0
      if (agentsThere) {
        const unread = [...(await storage.conversations.countUnread())]
        tellAll(unread)
        if (isShared) agents.serverSideEmit('unread', unread)
      }
    } catch {
      logger.warn('unread messages could not be counted')
    }
    counting = false
    if (changedMeanwhile) schedule()
  }

  type Unread = readonly (readonly [AppId, number])[]

  function tellAll(unread: Unread): void {
    for (const socket of agents.sockets.values()) tell(socket, unread)
  }

  /** Each agent is told of their own apps. */
  function tell(socket: AgentSocket, unread: Unread): void {
    const { apps } = socket.data
    const own = unread.filter(([app]) => belongsTo(apps === undefined ? {} : { apps }, app))
    socket.emit('unread', { count: own.reduce((sum, [, count]) => sum + count, 0) })
  }

  if (isShared) agents.on('unread', tellAll)

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
        tell(socket, [...(await storage.conversations.countUnread())])
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
