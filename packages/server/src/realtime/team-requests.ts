/** Requests of the console about the team, on an agent's socket. */
import type { AgentToServerEvents, TeamToServerEvents } from '@chat-widget/protocol'
import {
  addAgentRequest,
  agentRequest,
  changeAgentRequest,
  changePasswordRequest,
  endSessionRequest,
  listAgentsRequest,
  listAuditRequest,
} from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import type { Asker, Team } from '../agents/team.ts'

/** Registers the handler of one event. */
export type On = <Schema extends z.ZodType, Value>(
  event: keyof AgentToServerEvents,
  schema: Schema,
  handle: (request: z.output<Schema>) => Promise<Value> | Value,
) => void

/** Events that each agent may send about themselves; who else may is decided by the team. */
export const OWN_ACCOUNT_EVENTS = [
  'agent:sessions',
  'agent:sign-out',
  'account:password',
] as const satisfies readonly (keyof TeamToServerEvents)[]

export function listenTeam(on: On, asker: Asker, team: Team): void {
  on('agents:list', listAgentsRequest, async () => ({ agents: await team.list(asker) }))
  on('agent:add', addAgentRequest, async (request) => ({ password: await team.add(asker, request) }))
  on('agent:change', changeAgentRequest, async ({ agentId, role, apps }) => {
    await team.change(asker, agentId, {
      ...(role !== undefined && { role }),
      ...(apps !== undefined && { apps }),
    })
    return null
  })
  on('agent:password', agentRequest, async ({ agentId }) => ({
    password: await team.resetPassword(asker, agentId),
  }))
  on('agent:remove', agentRequest, async ({ agentId }) => {
    await team.remove(asker, agentId)
    return null
  })
  on('agent:sessions', agentRequest, async ({ agentId }) => ({
    sessions: await team.sessions(asker, agentId),
  }))
  on('agent:sign-out', endSessionRequest, async ({ agentId, sessionId }) => {
    await team.endSessions(asker, agentId, sessionId)
    return null
  })
  on('account:password', changePasswordRequest, async (request) => {
    await team.changePassword(asker, request)
    return null
  })
  on('audit:list', listAuditRequest, ({ limit, cursor }) =>
    team.audit(asker, { limit, ...(cursor !== undefined && { cursor }) }),
  )
}
