/**
 * Looks in the database, at every head interval, for what other nodes did and the broker may have lost: sessions that
 * ended, customers who were erased, conversations that changed ([DL11]).
 */
import type { SessionId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { ContextVault } from '../identity/context-vault.ts'
import type { Storage } from '../storage/storage.ts'
import type { Broadcaster } from './broadcaster.ts'
import { sessionRoom } from './rooms.ts'
import { sessionEnded } from './socket-identity.ts'
import type { AgentNamespace, VisitorNamespace } from './socket-server.ts'
import { CLOCKS_MS } from './summary-feed.ts'
import { toWire } from './wire-errors.ts'

export interface LostNewsOptions {
  readonly visitors: VisitorNamespace
  readonly agents: AgentNamespace
  readonly storage: Storage
  readonly vault: Pick<ContextVault, 'sessions' | 'forget'>
  readonly broadcaster: Pick<Broadcaster, 'endSessions' | 'eraseSessions' | 'conversationsDeletedHere'>
  /** Tells agents of conversations that changed. */
  readonly rereadConversations: () => void
  readonly logger: Logger
  /** Milliseconds. */
  readonly everyMs: number
}

/** Entries of the audit that are read at a time. */
const MOST_ENTRIES = 1_000
const SESSIONS = sessionRoom('' as SessionId)

/** Returns a function that ends it. */
export function watchLostNews(options: LostNewsOptions): () => void {
  const { visitors, agents, storage, vault, broadcaster, rereadConversations, logger, everyMs } = options
  let lookedAt = Date.now()

  function heldSessions(): ReadonlySet<SessionId> {
    const rooms = [...visitors.adapter.rooms.keys()].filter((room) => room.startsWith(SESSIONS))
    const connected = rooms.map((room) => room.slice(SESSIONS.length) as SessionId)
    return new Set([...connected, ...vault.sessions()])
  }

  async function endSessions(): Promise<void> {
    const first = await storage.sessions.ended([...heldSessions()])
    const held = heldSessions()
    const ended = [...first.revoked, ...first.deleted].filter((id) => held.has(id))
    if (ended.length === 0) return
    // Asked again: who signs in just now has an ended session until this server hears that the new one is stored.
    const { revoked, deleted } = await storage.sessions.ended(ended)
    vault.forget([...revoked, ...deleted])
    broadcaster.endSessions(revoked, toWire(sessionEnded()))
    broadcaster.eraseSessions(deleted)
  }

  async function tellErasures(): Promise<void> {
    const since = lookedAt - CLOCKS_MS
    lookedAt = Date.now()
    if (agents.sockets.size === 0) return
    const { entries } = await storage.audit.list({ since, limit: MOST_ENTRIES })
    const erased = entries.filter(({ kind }) => kind === 'user-erased')
    for (const app of new Set(erased.map((entry) => entry.app)))
      if (app !== null) broadcaster.conversationsDeletedHere(app)
  }

  const look = () => {
    rereadConversations()
    const failed = () => logger.warn('news of other servers could not be looked for')
    endSessions().catch(failed)
    tellErasures().catch(failed)
  }
  const timer = setInterval(look, everyMs)
  return () => clearInterval(timer)
}
