/** Rights of an agent by role, as the console shows them; the server decides. */
import type { Agent } from '@chat-widget/client/agent'

/** False for a reader, and while nobody is known. */
export const mayAnswer = (agent: Agent | null | undefined): boolean =>
  agent !== null && agent !== undefined && agent.role !== 'reader'

/** True if the team and the security log are shown. */
export const mayManage = (agent: Agent | null | undefined): boolean =>
  agent?.role === 'owner' || agent?.role === 'admin'
