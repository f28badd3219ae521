/** The team, for those who manage it, and one's own account. */
import type {
  AddAgentRequest,
  AgentId,
  AgentRole,
  AgentSessionInfo,
  AgentToServerEvents,
  AppId,
  AuditPage,
  TeamMember,
  TeamToServerEvents,
} from '@chat-widget/protocol'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import { answerIn } from './agent-errors.ts'

/** Each call rejects if the server refuses or cannot be reached. */
export interface AgentTeam {
  /** Agents whom one sees, by email. */
  list(): Promise<readonly TeamMember[]>
  /** Resolves with a temporary password, told this once. Rejects with `conflict` if the email is taken. */
  add(agent: AddAgentRequest): Promise<string>
  /** `apps: null`: all. Rejects with `conflict` for the last owner. */
  change(
    id: AgentId,
    access: { readonly role?: AgentRole; readonly apps?: readonly AppId[] | null },
  ): Promise<void>
  /** Signs the agent out everywhere. Resolves with a temporary password, told this once. */
  resetPassword(id: AgentId): Promise<string>
  remove(id: AgentId): Promise<void>
  sessions(id: AgentId): Promise<readonly AgentSessionInfo[]>
  /** `session: null`: all, other than the one that asks. */
  signOut(id: AgentId, session: string | null): Promise<void>
  /** One's own; ends one's other sessions. Rejects with `forbidden` if the present one is wrong. */
  changePassword(present: string, next: string): Promise<void>
  /** Newest first. `cursor`: of the page before. */
  audit(cursor: string | null): Promise<AuditPage>
}

type Request = <Name extends keyof TeamToServerEvents>(
  name: Name,
  payload: RequestOf<AgentToServerEvents, Name>,
) => Promise<Reply<ValueOf<AgentToServerEvents, Name>>>

const AUDIT_PAGE = 50

export function createAgentTeam(request: Request): AgentTeam {
  return {
    list: async () => answerIn(await request('agents:list', {})).agents,
    add: async (agent) => answerIn(await request('agent:add', agent)).password,
    async change(agentId, { role, apps }) {
      const access = {
        ...(role !== undefined && { role }),
        ...(apps !== undefined && { apps: apps === null ? null : [...apps] }),
      }
      answerIn(await request('agent:change', { agentId, ...access }))
    },
    resetPassword: async (agentId) => answerIn(await request('agent:password', { agentId })).password,
    async remove(agentId) {
      answerIn(await request('agent:remove', { agentId }))
    },
    sessions: async (agentId) => answerIn(await request('agent:sessions', { agentId })).sessions,
    async signOut(agentId, sessionId) {
      answerIn(await request('agent:sign-out', { agentId, sessionId }))
    },
    async changePassword(present, next) {
      answerIn(await request('account:password', { present, next }))
    },
    audit: async (cursor) =>
      answerIn(await request('audit:list', { limit: AUDIT_PAGE, ...(cursor !== null && { cursor }) })),
  }
}
