/** Agents' accounts and console sessions; passwords are hashed with scrypt. */
import { createHash, randomBytes } from 'node:crypto'
import type { AgentId, AgentRole, AppId } from '@chat-widget/protocol'
import type { AgentChange, AgentRecord, SignInMethod } from '../storage/agent-storage.ts'
import type { AuditActor } from '../storage/audit-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { createPasswordHasher, decoyHash, type PasswordCost } from './password-hash.ts'

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly email: string
  /** `owner`: everything; `admin`: agents and data of their apps; `agent`: answers; `reader`: reads, changes nothing. */
  readonly role: AgentRole
  /** Absent: all apps, which owners belong to. */
  readonly apps?: readonly AppId[]
  /** URL of a picture, https; visitors see it beside what the agent writes. */
  readonly avatar?: string
  /** True while the password is a temporary one. */
  readonly hasTemporaryPassword?: boolean
}

/** An account: its email, in any case, or its id. An email may be another person's by the next call. */
type AgentKey = string | { readonly id: AgentId }

/** An agent's own request, refused by `authorize` within the transaction. @internal */
export type ChangeOptions = Pick<AgentChange, 'by' | 'authorize'>

export interface AgentAccounts {
  /**
   * Rejects when the email is taken. `role`: default `owner` for the first account, else `agent`. `apps`: default all.
   * `isTemporary`: the password signs in for 7 days, in which the agent chooses another one.
   */
  add(
    account: {
      readonly name: string
      readonly email: string
      readonly password: string
      readonly isTemporary?: boolean
      readonly role?: AgentRole
      readonly apps?: readonly AppId[]
      readonly avatar?: string
    },
    options?: ChangeOptions,
  ): Promise<Agent>
  /** All accounts, by email. */
  list(): Promise<readonly Agent[]>
  /**
   * Resolves with the agent, or `null` if there is none. Ends the agent's sessions, unless `keepSessions`: here at once,
   * in other processes within 5 s.
   */
  setPassword(
    agent: AgentKey,
    password: string,
    options?: ChangeOptions & { readonly keepSessions?: boolean; readonly isTemporary?: boolean },
  ): Promise<Agent | null>
  /** As `setPassword`. Consoles that are open connect again, with the new role. Rejects for the last owner. */
  setRole(agent: AgentKey, role: AgentRole, options?: ChangeOptions): Promise<Agent | null>
  /** Role and apps, in one change. @internal */
  setAccess(
    agent: AgentKey,
    access: { readonly role?: AgentRole; readonly apps?: readonly AppId[] | null },
    options?: ChangeOptions,
  ): Promise<Agent | null>
  /** As `setRole`; `null`: all apps. */
  setApps(agent: AgentKey, apps: readonly AppId[] | null, options?: ChangeOptions): Promise<Agent | null>
  /** Messages from now on have it, `null`: none; consoles that are open connect again. Resolves as `setPassword`. */
  setAvatar(agent: AgentKey, avatar: string | null): Promise<Agent | null>
  /**
   * As `setPassword`. Messages keep the agent's name; the email may be used again, and is another person's then. Rejects
   * for the last owner.
   */
  remove(agent: AgentKey, options?: ChangeOptions): Promise<Agent | null>
  /**
   * Takes the person who comes in by single sign-on from the account, and ends the sessions that they opened so: whoever
   * comes in next with its verified email is bound to it. `isLinked`: false if it was bound to nobody.
   */
  unlink(
    agent: AgentKey,
    options?: ChangeOptions,
  ): Promise<{ readonly agent: Agent; readonly isLinked: boolean } | null>
  /**
   * Takes as long for an unknown email as for a wrong password; `null` for both, and for a role that `allows` refuses.
   * `device`: told in lists of sessions.
   */
  signIn(
    email: string,
    password: string,
    device?: string,
    allows?: (role: AgentRole) => boolean,
  ): Promise<ConsoleSession | null>
  /** Opens a session of an account that was found by single sign-on. `null` if it was removed meanwhile. @internal */
  openSession(id: AgentId, device: string): Promise<ConsoleSession | null>
  /**
   * The agent's own change: resolves with false if the present password is another one. Ends their other sessions.
   * @internal
   */
  changePassword(
    id: AgentId,
    passwords: { readonly present: string; readonly next: string },
    sessionKey: string,
  ): Promise<boolean>
  /** The agent of a console session, by the token in the cookie. */
  authenticate(token: string): Promise<Agent | null>
  signOut(token: string): Promise<void>
  /** Stores that sessions are used, by their keys. @internal */
  seen(sessionKeys: readonly string[]): Promise<void>
  /** Sessions of an agent that have not ended, the newest first; `null` if there is no such agent. */
  sessions(agent: AgentKey): Promise<readonly AgentSession[] | null>
  /**
   * Ends one of an agent's sessions, by its id, or all but the one of a key. Resolves with their number, or `null` if there
   * is no such agent.
   */
  endSessions(
    agent: AgentKey,
    which: { readonly only: string } | { readonly exceptHash: string | null },
    options?: ChangeOptions,
  ): Promise<number | null>
  /** Identifies the console session of a token without revealing the token. */
  sessionKey(token: string): string
  /** Agents of all console sessions that have not ended, by the session's key. */
  bySession(): Promise<ReadonlyMap<string, Agent>>
  /** Called with the key of each session that this process ended. Returns the unsubscribe. */
  onSignedOut(listener: (sessionKey: string) => void): () => void
  /** Called when this process changed a role, apps or a picture. Returns the unsubscribe. @internal */
  onChanged(listener: () => void): () => void
}

/** A sign-in of an agent that has not ended. */
interface AgentSession {
  readonly id: string
  /** As `sessionKey` gives it for its token. */
  readonly sessionKey: string
  readonly createdAt: number
  /** To some minutes. */
  readonly seenAt: number
  /** Browser and system, e.g. `Firefox, Linux`; empty if they are not known. */
  readonly device: string
  readonly method: SignInMethod
}

export interface ConsoleSession {
  readonly agent: Agent
  readonly token: string
  readonly expiresAt: number
}

/** The console's cookie: HttpOnly, SameSite=Strict, path `/`, Secure where the server is reached by HTTPS. */
export const CONSOLE_COOKIE = 'chat_console'

/** A console session ends this long after the sign-in: 12 hours. */
export const AGENT_SESSION_MS = 12 * 60 * 60 * 1000
/** Lifetime of a temporary password: a week. */
const TEMPORARY_PASSWORD_MS = 7 * 24 * 60 * 60 * 1000

const TOKEN_BYTES = 32

export interface AgentAccountsOptions {
  readonly storage: Pick<Storage, 'agents'>
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Cost of new passwords. Default: a quarter of a second each. */
  readonly passwordCost?: PasswordCost
  /** Actor of the changes, for the audit. Default: the server. */
  readonly by?: AuditActor
}

export function createAgentAccounts(options: AgentAccountsOptions): AgentAccounts {
  const { now = Date.now, passwordCost, by = { kind: 'server' } } = options
  const { agents } = options.storage
  const passwords = createPasswordHasher(passwordCost)
  /** Compared with if there is no such agent, so that both answers cost the same work. */
  const decoy = decoyHash(passwordCost)

  const signedOut = new Set<(sessionKey: string) => void>()
  const changed = new Set<() => void>()
  const ended = (keys: readonly string[]) => {
    for (const key of keys) for (const listener of [...signedOut]) listener(key)
  }
  const tellChanged = () => {
    for (const listener of [...changed]) listener()
  }

  const find = (key: AgentKey) => (typeof key === 'string' ? agents.findByEmail(key) : agents.find(key.id))
  const changeOf = (given: ChangeOptions = {}): AgentChange => ({ by, ...given, at: now() })
  const endOf = (isTemporary = false) => (isTemporary ? now() + TEMPORARY_PASSWORD_MS : null)

  async function setAccess(
    key: AgentKey,
    access: { readonly role?: AgentRole; readonly apps?: readonly AppId[] | null },
    given?: ChangeOptions,
  ): Promise<Agent | null> {
    const record = await find(key)
    if (record === null) return null
    const after = await agents.setAccess(record.id, access, changeOf(given))
    tellChanged()
    return after === null ? null : toAgent(after)
  }

  async function openSession(
    record: AgentRecord,
    method: SignInMethod,
    device: string,
  ): Promise<ConsoleSession | null> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const at = now()
    const expiresAt = at + AGENT_SESSION_MS
    const overflow = await agents.createSession({
      agentId: record.id,
      passwordHash: method === 'password' ? record.passwordHash : null,
      secretHash: hashToken(token),
      ...{ method, device, expiresAt, at },
    })
    if (overflow === null) return null
    ended(overflow)
    return { agent: toAgent(record), token, expiresAt }
  }

  const matches = (record: AgentRecord | null, password: string): Promise<boolean> =>
    passwords.verify(password, record === null || record.passwordHash === '' ? decoy : record.passwordHash)

  return {
    async add({ password, isTemporary, ...account }, given) {
      const passwordHash = await passwords.hash(password)
      const change = { ...changeOf(given), passwordExpiresAt: endOf(isTemporary) }
      return toAgent(await agents.add({ ...account, ...change, passwordHash }))
    },

    async list() {
      return (await agents.list()).map(toAgent)
    },

    async setPassword(key, password, { keepSessions = false, isTemporary, ...given } = {}) {
      const record = await find(key)
      if (record === null) return null
      const hash = await passwords.hash(password)
      ended(
        await agents.setPasswordHash(record.id, hash, {
          ...changeOf(given),
          expiresAt: endOf(isTemporary),
          ...(keepSessions && { keep: 'all' }),
        }),
      )
      return toAgent(record)
    },

    setAccess,
    setRole: (key, role, given) => setAccess(key, { role }, given),
    setApps: (key, apps, given) => setAccess(key, { apps }, given),

    async setAvatar(key, avatar) {
      const record = await find(key)
      if (record === null) return null
      await agents.setAvatar(record.id, avatar, changeOf())
      tellChanged()
      const { avatar: _, ...agent } = toAgent(record)
      return avatar === null ? agent : { ...agent, avatar }
    },

    async remove(key, given) {
      const record = await find(key)
      if (record === null) return null
      ended(await agents.remove(record.id, changeOf(given)))
      return toAgent(record)
    },

    async unlink(key, given) {
      const record = await find(key)
      if (record === null) return null
      const keys = await agents.unlink(record.id, changeOf(given))
      ended(keys ?? [])
      return { agent: toAgent(record), isLinked: keys !== null }
    },

    async signIn(email, password, device = '', allows = () => true) {
      const record = await agents.findByEmail(email)
      const isRight = await matches(record, password)
      if (record === null || !isRight || !allows(record.role)) return null
      if (record.passwordExpiresAt !== null && record.passwordExpiresAt <= now()) return null
      return openSession(record, 'password', device)
    },

    async openSession(id, device) {
      const record = await agents.find(id)
      return record === null ? null : openSession(record, 'issuer', device)
    },

    async changePassword(id, { present, next }, secretHash) {
      const record = await agents.find(id)
      if (record === null || !(await matches(record, present))) return false
      const hash = await passwords.hash(next)
      ended(
        await agents.setPasswordHash(id, hash, {
          ...{ by: { kind: 'agent', id }, at: now() },
          keep: { secretHash },
        }),
      )
      return true
    },

    async authenticate(token) {
      const record = await agents.findBySession(hashToken(token), now())
      return record === null ? null : toAgent(record)
    },

    async signOut(token) {
      const key = hashToken(token)
      await agents.deleteSession(key)
      ended([key])
    },
    seen: (keys) => agents.touch(keys, now()),
    async sessions(key) {
      const record = await find(key)
      if (record === null) return null
      const sessions = await agents.sessionsOf(record.id, now())
      return sessions.map(({ secretHash: sessionKey, ...session }) => ({ ...session, sessionKey }))
    },
    async endSessions(key, which, given) {
      const record = await find(key)
      if (record === null) return null
      const keys = await agents.endSessions(record.id, which, changeOf(given))
      ended(keys)
      return keys.length
    },
    sessionKey: hashToken,
    async bySession() {
      const records = await agents.bySession(now())
      return new Map([...records].map(([key, record]) => [key, toAgent(record)]))
    },
    onSignedOut(listener) {
      signedOut.add(listener)
      return () => {
        signedOut.delete(listener)
      }
    },
    onChanged(listener) {
      changed.add(listener)
      return () => {
        changed.delete(listener)
      }
    },
  }
}

/** A token of 256 random bits needs no slow hash. */
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

const toAgent = ({ id, name, email, role, apps, avatar, passwordExpiresAt }: AgentRecord): Agent => ({
  ...{ id, name, email, role },
  ...(apps !== undefined && { apps }),
  ...(avatar !== undefined && { avatar }),
  ...(passwordExpiresAt !== null && { hasTemporaryPassword: true }),
})
