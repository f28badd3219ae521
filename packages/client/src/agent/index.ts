/** Chat from the agents' side: the client of the console. */

export type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
export { AgentClient, createAgentClient } from './agent-client.ts'
export type * from './agent-client-api.ts'
export type * from './agent-state.ts'
export type { AgentTeam } from './agent-team.ts'
export type { AgentTemplates } from './agent-templates.ts'
export type { AgentWebhooks } from './agent-webhooks.ts'
export type { SessionRequests } from './session-requests.ts'
