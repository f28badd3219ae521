/** Stored accounts of agents and their console sessions; the guarantees are those of `Storage`. */
import type { AgentId, AgentRole, AppId } from '@chat-widget/protocol'
import type { AuditActor } from './audit-storage.ts'

/** A person at an issuer of OpenID Connect. The subject is theirs for good, the email is not. */
interface IssuerSubject {
  readonly issuer: string
  readonly subject: string
}

/** The facts that decide on an agent's rights. */
export interface Access {
  readonly role: AgentRole
  /** Absent: all apps. */
  readonly apps?: readonly AppId[]
}

export interface AgentRecord extends Access {
  readonly id: AgentId
  readonly name: string
  readonly email: string
  /** URL of a picture. */
  readonly avatar?: string
  /** Empty: no password signs in. */
  readonly passwordHash: string
  /** End of a temporary password; `null` for one that the agent chose. */
  readonly passwordExpiresAt: number | null
  /** The person who signs in by single sign-on; `null` before the first time. */
  readonly linked: IssuerSubject | null
  readonly createdAt: number
}

/** Facts of every change of an account; each is written to the audit in its transaction ([AG1]). */
export interface AgentChange {
  /** Default: the server itself. */
  readonly by?: AuditActor
  readonly at: number
  /**
   * Throws to refuse what an agent asks for. Called in the transaction, with that agent and with the account as it is and
   * as it would be.
   */
  readonly authorize?: (asker: Access, account: Access) => void
}

export type SignInMethod = 'password' | 'issuer'

interface AgentSessionRecord {
  readonly id: string
  readonly secretHash: string
  readonly createdAt: number
  /** To some minutes. */
  readonly seenAt: number
  /** Browser and system, e.g. `Firefox, Linux`; empty if they are not known. */
  readonly device: string
  readonly method: SignInMethod
}

export interface AgentStorage {
  /**
   * Rejects with code `agent-exists` if the email (compared in lower case) is taken. `role`: default `owner` for the
   * first account, else `agent`. Owners belong to all apps.
   */
  add(
    agent: AgentChange & {
      readonly name: string
      readonly email: string
      readonly passwordHash: string
      readonly passwordExpiresAt?: number | null
      readonly role?: AgentRole
      readonly apps?: readonly AppId[]
      readonly avatar?: string
      readonly linked?: IssuerSubject
    },
  ): Promise<AgentRecord>
  /** Accounts by email; `withRemoved`: with those that were removed. */
  list(which?: { readonly withRemoved: boolean }): Promise<readonly AgentRecord[]>
  find(id: AgentId): Promise<AgentRecord | null>
  findByEmail(email: string): Promise<AgentRecord | null>
  /** Finds removed accounts, too. */
  findLinked(
    person: IssuerSubject,
  ): Promise<{ readonly agent: AgentRecord; readonly isRemoved: boolean } | null>
  /** Resolves with the secret hashes of the sessions that it ended; `keep`: all stay, or the one of this hash. */
  setPasswordHash(
    id: AgentId,
    passwordHash: string,
    change: AgentChange & {
      readonly expiresAt?: number | null
      readonly keep?: 'all' | { readonly secretHash: string }
    },
  ): Promise<readonly string[]>
  /**
   * Changes what is given; `apps: null`: all apps. Resolves with `null` for an account that is not there. Rejects with
   * `conflict` for the last owner's role.
   */
  setAccess(
    id: AgentId,
    access: { readonly role?: AgentRole; readonly apps?: readonly AppId[] | null },
    change: AgentChange,
  ): Promise<AgentRecord | null>
  setAvatar(id: AgentId, avatar: string | null, change: AgentChange): Promise<void>
  /**
   * Binds the account to a person. Resolves with false if it is bound to another one, or removed. An account of that
   * person that was removed gives them up.
   */
  link(id: AgentId, person: IssuerSubject, change: AgentChange): Promise<boolean>
  /**
   * Takes the person from the account, and ends the sessions that single sign-on opened. Resolves with their secret
   * hashes, or with `null` if the account is bound to nobody, or removed.
   */
  unlink(id: AgentId, change: AgentChange): Promise<readonly string[] | null>
  /**
   * Deletes email, password and sessions; id and name stay, for what the agent wrote. Resolves with the secret hashes
   * of the sessions that it ended. Rejects with `conflict` for the last owner.
   */
  remove(id: AgentId, change: AgentChange): Promise<readonly string[]>
  /**
   * Resolves with the secret hashes of the oldest sessions, which had no room any more. `null`, and none is created, if
   * the password was changed or the agent removed meanwhile.
   */
  createSession(session: {
    readonly agentId: AgentId
    /** The hash that the agent's password was compared with; `null` for another method. */
    readonly passwordHash: string | null
    readonly secretHash: string
    readonly method?: SignInMethod
    readonly device?: string
    readonly expiresAt: number
    readonly at: number
  }): Promise<readonly string[] | null>
  /** `null` if unknown or ended. */
  findBySession(secretHash: string, at: number): Promise<AgentRecord | null>
  /** Agents of all sessions that have not ended, by secret hash. */
  bySession(at: number): Promise<ReadonlyMap<string, AgentRecord>>
  /** Sessions of an agent that have not ended, the newest first. */
  sessionsOf(id: AgentId, at: number): Promise<readonly AgentSessionRecord[]>
  /** Stores that these sessions are used. */
  touch(secretHashes: readonly string[], at: number): Promise<void>
  /** Ends one session of the agent, or all but one. Resolves with the secret hashes of those. */
  endSessions(
    id: AgentId,
    which: { readonly only: string } | { readonly exceptHash: string | null },
    change: AgentChange,
  ): Promise<readonly string[]>
  deleteSession(secretHash: string): Promise<void>
}

/** Sessions of one account at a time: beyond it the oldest ends. */
export const MOST_SESSIONS = 20
