/** Keeps every agent's list of conversations up to date, with at most one update per conversation and interval. */
import type { ConversationId, Message, UserId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { ConversationChange } from '../conversations/conversation-changes.ts'
import type { Summaries } from '../conversations/summaries.ts'
import type { ConversationRecord, Storage } from '../storage/storage.ts'
import type { Presence } from './presence.ts'
import { AGENTS_ROOM, agentsOf, watchersRoom } from './rooms.ts'
import type { AgentNamespace } from './socket-server.ts'

interface Dirty {
  readonly record: ConversationRecord | null
  readonly lastMessage: Message | null
}

/** Short enough to look live, long enough to make one update of a flood of messages. */
const GATHER_MS = 25
/** To be read from the database. */
const UNREAD: Dirty = { record: null, lastMessage: null }
/** Conversations in one `reread`, the newest ones. */
const MOST_REREAD = 100
/** Largest difference of the nodes' clocks. Milliseconds. */
export const CLOCKS_MS = 10_000

export function createSummaryFeed({
  agents,
  present,
  storage,
  summaries,
  logger,
}: {
  readonly agents: AgentNamespace
  /** Of the agents' rooms. */
  readonly present: Presence
  readonly storage: Storage
  readonly summaries: Summaries
  readonly logger: Logger
}) {
  const dirty = new Map<ConversationId, Dirty>()
  let timer: NodeJS.Timeout | null = null
  let flushing = false
  let closed = false
  let rereadAt = Date.now()

  function mark(id: ConversationId, next: Dirty): void {
    if (closed) return
    const before = dirty.get(id)
    // A record without the newest message was read before it: neither is complete, so both are read again.
    const isStale = (next.record?.headSeq ?? 0) < (before?.record?.headSeq ?? 0)
    dirty.set(id, {
      record: isStale ? null : next.record,
      lastMessage: next.lastMessage ?? before?.lastMessage ?? null,
    })
    if (!flushing) timer ??= setTimeout(flush, GATHER_MS)
  }

  async function flush(): Promise<void> {
    timer = null
    flushing = true
    const batch = [...dirty]
    dirty.clear()
    // No agent is connected: no conversation needs to be read, however many visitors come and go.
    const agentsThere = (await present([AGENTS_ROOM])).size > 0
    if (agentsThere) await Promise.all(batch.map(([id, entry]) => send(id, entry)))
    flushing = false
    if (dirty.size > 0 && !closed) timer ??= setTimeout(flush, GATHER_MS)
  }

  async function send(id: ConversationId, entry: Dirty): Promise<void> {
    try {
      const record = entry.record ?? (await storage.conversations.find(id))
      if (record === null) return
      const isLast = entry.lastMessage?.seq === record.headSeq
      const lastMessage = isLast
        ? entry.lastMessage
        : ((await storage.messages.list({ conversationId: id, limit: 1 }))[0] ?? null)
      const summary = await summaries.one({ record, lastMessage })
      if (!closed) agents.to(agentsOf(record.app)).emit('conversation:updated', summary)
    } catch {
      // The next change updates the agents' lists, and a new connection loads them.
      logger.warn({ conversationId: id }, 'a conversation summary could not be sent')
    }
  }

  return {
    change(change: ConversationChange): void {
      const lastMessage = change.kind === 'message' ? change.message : null
      mark(change.conversation.id, { record: change.conversation, lastMessage })
    },
    /** Called when a device connected or disconnected, or the conversation was changed by a job. */
    reread: (id: ConversationId): void => mark(id, UNREAD),
    /** Tells agents who watch one of the user's conversations that the user's claims changed. */
    async claims(userId: UserId): Promise<void> {
      // Only watched ones: a user may have hundreds of conversations, and lists show no claims.
      const ids = await storage.conversations.idsOf({ kind: 'user', id: userId })
      const watched = await present(ids.map(watchersRoom))
      for (const id of ids) if (watched.has(watchersRoom(id))) mark(id, UNREAD)
    },
    /** Tells of what changed since the last call: of other nodes' changes the news may be lost ([DL11]). */
    async rereadAll(): Promise<void> {
      const since = rereadAt - CLOCKS_MS
      rereadAt = Date.now()
      if (agents.sockets.size === 0) return
      try {
        const { conversations } = await storage.conversations.list({ limit: MOST_REREAD })
        for (const { id, updatedAt } of conversations) if (updatedAt >= since) mark(id, UNREAD)
      } catch {
        logger.warn('conversations could not be read again')
      }
    },
    close(): void {
      closed = true
      dirty.clear()
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
