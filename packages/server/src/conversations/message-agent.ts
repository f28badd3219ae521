/** Agents as authors of messages: those of the console, and those whom an integration names. */
import type { AgentId, AppId, MessageAuthor } from '@chat-widget/protocol'
import { derivedClientId } from '../storage/derived-client-id.ts'

export interface MessageAgent {
  readonly id: AgentId
  readonly name: string
  /** URL of a picture, https. */
  readonly avatar?: string
}

/** Without what an account has besides. */
export const agentAuthor = ({ id, name, avatar }: MessageAgent): MessageAuthor => ({
  ...{ kind: 'agent', id, name },
  ...(avatar !== undefined && { avatar }),
})

/** [WH5] An agent of this name has the same id in all conversations of the app. */
export const namedAgent = (app: AppId, agent: Omit<MessageAgent, 'id'>): MessageAgent => ({
  ...agent,
  id: derivedClientId('agent', app, agent.name) as string as AgentId,
})
