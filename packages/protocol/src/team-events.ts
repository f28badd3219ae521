/** Events of the console about agents' accounts, sessions and the audit; all with an answer ([AG1] to [AG6]). */
import type { Result } from './errors.ts'
import type { AgentId, AppId } from './ids.ts'
import type { AgentAccount } from './schemas/conversation.ts'
import type {
  AddAgentRequest,
  AgentRequest,
  ChangeAgentRequest,
  ChangePasswordRequest,
  EndSessionRequest,
  ListAgentsRequest,
  ListAuditRequest,
} from './schemas/team.ts'

export type {
  AddAgentRequest,
  AgentRequest,
  ChangeAgentRequest,
  ChangePasswordRequest,
  EndSessionRequest,
  ListAgentsRequest,
  ListAuditRequest,
}

export interface TeamMember extends AgentAccount {
  /** True if the agent who asks may change this account. */
  readonly isManaged: boolean
  /** True once they have come in by single sign-on. */
  readonly isLinked: boolean
}

/** A sign-in that has not ended. */
export interface AgentSessionInfo {
  readonly id: string
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601, to some minutes. */
  readonly seenAt: string
  /** Browser and system, e.g. `Firefox, Linux`; empty if they are not known. */
  readonly device: string
  readonly method: 'password' | 'issuer'
  /** True for the session that asks. */
  readonly isOwn: boolean
}

/** Ways to sign in to the console, as `GET /console/sign-in` answers them. */
export interface SignInMethods {
  /** `owners`: all others come in by single sign-on alone. */
  readonly passwords: 'all' | 'owners'
  /** Single sign-on, which begins at `/console/oidc/start`; `null`: there is none. */
  readonly issuer: { readonly name: string } | null
}

/** Reasons why a single sign-on failed, as the console is told ([AG10]). */
export const SIGN_IN_PROBLEMS = [
  'cancelled',
  'expired',
  'failed',
  'rate-limited',
  'refused',
  'unreachable',
] as const

export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number]

/** An agent in the audit. */
export interface AuditedAgent {
  readonly id: AgentId
  readonly name: string
  /** `null`: the account was removed. */
  readonly email: string | null
}

export interface AuditEntry {
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  /** e.g. `agent-role`; further ones may come. */
  readonly kind: string
  /** `key`: over REST; `command`: on the server's machine; `issuer`: by single sign-on. */
  readonly by: {
    readonly kind: 'agent' | 'key' | 'command' | 'visitor' | 'server' | 'issuer'
    readonly agent: AuditedAgent | null
  }
  /** The agent whom it is about. */
  readonly about: AuditedAgent | null
  /** `null`: the whole server. */
  readonly app: AppId | null
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  /** Pass it as `cursor` for the next page; `null` at the end. */
  readonly cursor: string | null
}

type Answer<Value> = (result: Result<Value>) => void

export interface TeamToServerEvents {
  /** Agents whom the one who asks may see, by email. */
  'agents:list': (
    request: ListAgentsRequest,
    answer: Answer<{ readonly agents: readonly TeamMember[] }>,
  ) => void
  /** Answered with a temporary password, told this once. `conflict`: the email is taken. */
  'agent:add': (request: AddAgentRequest, answer: Answer<{ readonly password: string }>) => void
  /** `conflict`: the last owner stays one. */
  'agent:change': (request: ChangeAgentRequest, answer: Answer<null>) => void
  /** Ends the agent's sessions. Answered with a temporary password, told this once. */
  'agent:password': (request: AgentRequest, answer: Answer<{ readonly password: string }>) => void
  'agent:remove': (request: AgentRequest, answer: Answer<null>) => void
  /** Of oneself, or of an agent whom one manages. */
  'agent:sessions': (
    request: AgentRequest,
    answer: Answer<{ readonly sessions: readonly AgentSessionInfo[] }>,
  ) => void
  'agent:sign-out': (request: EndSessionRequest, answer: Answer<null>) => void
  /** One's own password; ends one's other sessions. `forbidden`: the present one is wrong. */
  'account:password': (request: ChangePasswordRequest, answer: Answer<null>) => void
  /** Newest first. */
  'audit:list': (request: ListAuditRequest, answer: Answer<AuditPage>) => void
}
