/** Actions that agents asked for. */
import type { ActionRunId, AgentId, ConversationId } from '@chat-widget/protocol'
import type { ActionParams } from './owed-work.ts'

/**
 * An action that an agent asked for; stored, so that neither a repeated request nor a crash runs it twice or loses it.
 */
export interface ActionRun {
  readonly id: ActionRunId
  readonly conversationId: ConversationId
  readonly agent: { readonly id: AgentId; readonly name: string }
  readonly name: string
  /** Empty once it is settled. */
  readonly params: ActionParams
  /** `blocked`: its login card waits for a sign-in. */
  readonly state: 'running' | 'blocked' | 'settled'
  /** Number of sign-ins that resumed it. */
  readonly signIns: number
  readonly createdAt: number
}
