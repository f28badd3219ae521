/** Stored accounts of agents and their console sessions; the guarantees are those of `Storage`. */
import type { AgentId, AgentRole } from '@chat-widget/protocol'

export interface AgentRecord {
  readonly id: AgentId
  readonly name: string
  readonly email: string
  readonly role: AgentRole
  /** URL of a picture. */
  readonly avatar?: string
  readonly passwordHash: string
  readonly createdAt: number
}

export interface AgentStorage {
  /** Rejects with code `agent-exists` if the email (compared in lower case) is taken. */
  add(agent: {
    readonly name: string
    readonly email: string
    readonly passwordHash: string
    readonly role: AgentRole
    readonly avatar?: string
    readonly at: number
  }): Promise<AgentRecord>
  /** Accounts that were not removed, by email. */
  list(): Promise<readonly AgentRecord[]>
  /** Resolves with the secret hashes of the sessions that it ended. `keepSessions`: ends none. */
  setPasswordHash(
    id: AgentId,
    passwordHash: string,
    options?: { readonly keepSessions?: boolean },
  ): Promise<readonly string[]>
  setRole(id: AgentId, role: AgentRole): Promise<void>
  setAvatar(id: AgentId, avatar: string | null): Promise<void>
  /**
   * Deletes email, password and sessions; id and name stay, for what the agent wrote. Resolves with the secret hashes
   * of the sessions that it ended.
   */
  remove(id: AgentId, at: number): Promise<readonly string[]>
  findByEmail(email: string): Promise<AgentRecord | null>
  /** Resolves with false, and creates none, if the password was changed or the agent removed meanwhile. */
  createSession(session: {
    readonly agentId: AgentId
    /** The hash that the agent's password was compared with. */
    readonly passwordHash: string
    readonly secretHash: string
    readonly expiresAt: number
    readonly at: number
  }): Promise<boolean>
  /** `null` if unknown or ended. */
  findBySession(secretHash: string, at: number): Promise<AgentRecord | null>
  /** Agents of all sessions that have not ended, by secret hash. */
  bySession(at: number): Promise<ReadonlyMap<string, AgentRecord>>
  deleteSession(secretHash: string): Promise<void>
}
