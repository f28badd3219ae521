/** Agents' accounts and console sessions; passwords are hashed with scrypt. */
import { createHash, randomBytes } from 'node:crypto'
import type { AgentId, AgentRole } from '@chat-widget/protocol'
import type { AgentRecord } from '../storage/agent-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { createPasswordHasher, decoyHash, type PasswordCost } from './password-hash.ts'

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly email: string
  /** A `viewer` reads, and changes nothing. */
  readonly role: AgentRole
  /** URL of a picture, https; visitors see it beside what the agent writes. */
  readonly avatar?: string
}

export interface AgentAccounts {
  /** Rejects when the email is taken. `role`: default `agent`. */
  add(account: {
    readonly name: string
    readonly email: string
    readonly password: string
    readonly role?: AgentRole
    readonly avatar?: string
  }): Promise<Agent>
  /** All accounts, by email. */
  list(): Promise<readonly Agent[]>
  /**
   * Resolves with the agent, or `null` if none has this email. Ends the agent's sessions, unless `keepSessions`: here at
   * once, in other processes within 5 s.
   */
  setPassword(
    email: string,
    password: string,
    options?: { readonly keepSessions?: boolean },
  ): Promise<Agent | null>
  /** As `setPassword`. Consoles that are open connect again, with the new role. */
  setRole(email: string, role: AgentRole): Promise<Agent | null>
  /** Messages from now on have it, `null`: none; consoles that are open connect again. Resolves as `setPassword`. */
  setAvatar(email: string, avatar: string | null): Promise<Agent | null>
  /** As `setPassword`. Messages keep the agent's name; the email may be used again. */
  remove(email: string): Promise<Agent | null>
  /** Takes as long for an unknown email as for a wrong password; `null` for both. */
  signIn(
    email: string,
    password: string,
  ): Promise<{ readonly agent: Agent; readonly token: string; readonly expiresAt: number } | null>
  /** The agent of a console session, by the token in the cookie. */
  authenticate(token: string): Promise<Agent | null>
  signOut(token: string): Promise<void>
  /** Identifies the console session of a token without revealing the token. */
  sessionKey(token: string): string
  /** Agents of all console sessions that have not ended, by the session's key. */
  bySession(): Promise<ReadonlyMap<string, Agent>>
  /** Called with the key of each session that this process ended. Returns the unsubscribe. */
  onSignedOut(listener: (sessionKey: string) => void): () => void
}

/** The console's cookie: HttpOnly, SameSite=Strict, path `/`, Secure where the server is reached by HTTPS. */
export const CONSOLE_COOKIE = 'chat_console'

/** A console session ends this long after the sign-in: 12 hours. */
export const AGENT_SESSION_MS = 12 * 60 * 60 * 1000

const TOKEN_BYTES = 32

export interface AgentAccountsOptions {
  readonly storage: Pick<Storage, 'agents'>
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Cost of new passwords. Default: a quarter of a second each. */
  readonly passwordCost?: PasswordCost
}

export function createAgentAccounts({
  storage,
  now = Date.now,
  passwordCost,
}: AgentAccountsOptions): AgentAccounts {
  const passwords = createPasswordHasher(passwordCost)
  /** Compared with if there is no such agent, so that both answers cost the same work. */
  const decoy = decoyHash(passwordCost)

  const signedOut = new Set<(sessionKey: string) => void>()
  const ended = (keys: readonly string[]) => {
    for (const key of keys) for (const listener of [...signedOut]) listener(key)
  }

  return {
    async add({ password, role = 'agent', ...account }) {
      const passwordHash = await passwords.hash(password)
      return toAgent(await storage.agents.add({ ...account, passwordHash, role, at: now() }))
    },

    async list() {
      return (await storage.agents.list()).map(toAgent)
    },

    async setPassword(email, password, options) {
      const record = await storage.agents.findByEmail(email)
      if (record === null) return null
      ended(await storage.agents.setPasswordHash(record.id, await passwords.hash(password), options))
      return toAgent(record)
    },

    async setRole(email, role) {
      const record = await storage.agents.findByEmail(email)
      if (record === null) return null
      await storage.agents.setRole(record.id, role)
      return { ...toAgent(record), role }
    },

    async setAvatar(email, avatar) {
      const record = await storage.agents.findByEmail(email)
      if (record === null) return null
      await storage.agents.setAvatar(record.id, avatar)
      const { avatar: _, ...agent } = toAgent(record)
      return avatar === null ? agent : { ...agent, avatar }
    },

    async remove(email) {
      const record = await storage.agents.findByEmail(email)
      if (record === null) return null
      ended(await storage.agents.remove(record.id, now()))
      return toAgent(record)
    },

    async signIn(email, password) {
      const record = await storage.agents.findByEmail(email)
      const matches = await passwords.verify(password, record?.passwordHash ?? decoy)
      if (record === null || !matches) return null
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const at = now()
      const expiresAt = at + AGENT_SESSION_MS
      const { id: agentId, passwordHash } = record
      const session = { agentId, passwordHash, secretHash: hashToken(token), expiresAt, at }
      return (await storage.agents.createSession(session))
        ? { agent: toAgent(record), token, expiresAt }
        : null
    },

    async authenticate(token) {
      const record = await storage.agents.findBySession(hashToken(token), now())
      return record === null ? null : toAgent(record)
    },

    async signOut(token) {
      const key = hashToken(token)
      await storage.agents.deleteSession(key)
      ended([key])
    },
    sessionKey: hashToken,
    async bySession() {
      const records = await storage.agents.bySession(now())
      return new Map([...records].map(([key, record]) => [key, toAgent(record)]))
    },
    onSignedOut(listener) {
      signedOut.add(listener)
      return () => {
        signedOut.delete(listener)
      }
    },
  }
}

/** A token of 256 random bits needs no slow hash. */
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

const toAgent = ({ id, name, email, role, avatar }: AgentRecord): Agent => ({
  ...{ id, name, email, role },
  ...(avatar !== undefined && { avatar }),
})
