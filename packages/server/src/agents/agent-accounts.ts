/** Agents' accounts and console sessions; passwords are hashed with scrypt. */
import type { AgentId } from '@chat-widget/protocol'

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly email: string
}

export interface AgentAccounts {
  /** Rejects when the email is taken. */
  add(account: { readonly name: string; readonly email: string; readonly password: string }): Promise<Agent>
  /** Takes as long for an unknown email as for a wrong password; `null` for both. */
  signIn(
    email: string,
    password: string,
  ): Promise<{ readonly agent: Agent; readonly token: string; readonly expiresAt: number } | null>
  /** The agent of a console session, by the token in the cookie. */
  authenticate(token: string): Promise<Agent | null>
  signOut(token: string): Promise<void>
}

/** The console's cookie: HttpOnly, SameSite=Strict, path `/`, Secure where the server is reached by HTTPS. */
export const CONSOLE_COOKIE = 'chat_console'
