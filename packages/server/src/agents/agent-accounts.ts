/** Agents' accounts and console sessions; passwords are hashed with scrypt. */
import { createHash, randomBytes } from 'node:crypto'
import type { AgentId } from '@chat-widget/protocol'
import type { AgentRecord, Storage } from '../storage/storage.ts'
import { createPasswordHasher, decoyHash, type PasswordCost } from './password-hash.ts'

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly email: string
}

export interface AgentAccounts {
  /** Rejects when the email is taken. */
  add(account: { readonly name: string; readonly email: string; readonly password: string }): Promise<Agent>
  /** Resolves with the agent, or `null` if none has this email. Sessions stay. */
  setPassword(email: string, password: string): Promise<Agent | null>
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
  /** Called with the session's key after each `signOut`. Returns the unsubscribe. */
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

  return {
    async add({ name, email, password }) {
      const passwordHash = await passwords.hash(password)
      return toAgent(await storage.agents.add({ name, email, passwordHash, at: now() }))
    },

    async setPassword(email, password) {
      const record = await storage.agents.findByEmail(email)
      if (record === null) return null
      await storage.agents.setPasswordHash(record.id, await passwords.hash(password))
      return toAgent(record)
    },

    async signIn(email, password) {
      const record = await storage.agents.findByEmail(email)
      const matches = await passwords.verify(password, record?.passwordHash ?? decoy)
      if (record === null || !matches) return null
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const at = now()
      const expiresAt = at + AGENT_SESSION_MS
      await storage.agents.createSession({ agentId: record.id, secretHash: hashToken(token), expiresAt, at })
      return { agent: toAgent(record), token, expiresAt }
    },

    async authenticate(token) {
      const record = await storage.agents.findBySession(hashToken(token), now())
      return record === null ? null : toAgent(record)
    },

    async signOut(token) {
      const key = hashToken(token)
      await storage.agents.deleteSession(key)
      for (const listener of [...signedOut]) listener(key)
    },
    sessionKey: hashToken,
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

const toAgent = ({ id, name, email }: AgentRecord): Agent => ({ id, name, email })
