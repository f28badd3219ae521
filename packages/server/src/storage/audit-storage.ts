/** The audit: who did what, to whom, when and in which app; never content, secrets or addresses. */
import type { AgentId, AppId } from '@chat-widget/protocol'

/** Kinds of changes that are written down. */
export type AuditKind =
  | 'identify'
  | 'action'
  | 'unmute'
  | 'forget'
  | 'user-exported'
  | 'user-erased'
  | 'agent-added'
  | 'agent-removed'
  | 'agent-role'
  | 'agent-apps'
  | 'agent-password'
  | 'agent-picture'
  | 'agent-signed-in'
  | 'agent-linked'
  | 'agent-unlinked'
  | 'agent-session-ended'
  | 'deliveries-replayed'

/** `key`: over REST, with a key of the app; `command`: by `chat-widget-server`; `issuer`: by the single sign-on. */
export type AuditActor =
  | { readonly kind: 'agent'; readonly id: AgentId }
  | { readonly kind: 'key' | 'command' | 'visitor' | 'server' | 'issuer' }

export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface AuditEntry {
  readonly kind: AuditKind
  readonly by: AuditActor
  /** Id of the agent or the user whom it is about. An id alone: it has to say nothing once they are gone. */
  readonly about: string | null
  /** `null`: the whole server. */
  readonly app: AppId | null
  readonly at: number
  /** Ids, names of roles and counts. */
  readonly details: AuditDetails
}

/** An agent as they are now; one who was removed has no email. */
export interface AuditedAgent {
  readonly id: AgentId
  readonly name: string
  readonly email: string | null
}

export interface AuditRecord extends AuditEntry {
  readonly id: string
  /** The agent who did it. */
  readonly byAgent: AuditedAgent | null
  /** The agent whom it is about. */
  readonly aboutAgent: AuditedAgent | null
}

export interface AuditQuery {
  /** Entries of these apps, and of the whole server those about these agents. Default: all. */
  readonly only?: { readonly apps: readonly AppId[]; readonly agents: readonly AgentId[] }
  /** Entries from this time on. */
  readonly since?: number
  readonly cursor?: string
  readonly limit: number
}

export interface AuditStorage {
  /** For changes that are stored elsewhere or not at all; others call `addAudit` in their transaction. */
  add(entry: AuditEntry): Promise<void>
  /**
   * Newest first, without sign-ins of visitors. Rejects with `bad-request` for a cursor that it has not given. `cursor`:
   * `null` at the end.
   */
  list(query: AuditQuery): Promise<{
    readonly entries: readonly AuditRecord[]
    readonly cursor: string | null
  }>
}
