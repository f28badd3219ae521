/** Sends events to sockets by room, on any node. */
import {
  type AgentActionNotice,
  type AgentId,
  type AppId,
  ChatError,
  type ConversationId,
  type ServerToVisitorEvents,
  type SessionId,
  type TypingAuthor,
  type UserId,
  type WireError,
} from '@chat-widget/protocol'
import type { ConversationChange } from '../conversations/conversation-changes.ts'
import { conversationOf, emptyConversation } from '../conversations/summaries.ts'
import { newId } from '../storage/records.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import { agentRooms, agentsOf, currentRoom, ownerRoom, sessionRoom, userRoom, watchersRoom } from './rooms.ts'
import type { AgentNamespace, VisitorNamespace } from './socket-server.ts'
import { toWire } from './wire-errors.ts'

export type ContextNeed = Parameters<ServerToVisitorEvents['context:needed']>[0]

export type Broadcaster = ReturnType<typeof createBroadcaster>

export function createBroadcaster({
  visitors,
  agents,
  isShared,
}: {
  readonly visitors: VisitorNamespace
  readonly agents: AgentNamespace
  /** True if other nodes may have sockets in the same rooms. */
  readonly isShared: boolean
}) {
  /** The agents that watch; `null` if there are none: Socket.IO encodes what is sent to an empty room, too. */
  const watchersOf = (id: ConversationId) =>
    isShared || agents.adapter.rooms.has(watchersRoom(id)) ? agents.to(watchersRoom(id)) : null

  /** Sends the reason to the sessions' devices, and disconnects them. */
  function endSessions(sessionIds: readonly SessionId[], error: WireError): void {
    for (const id of sessionIds) {
      visitors.to(sessionRoom(id)).emit('session:ended', error)
      visitors.in(sessionRoom(id)).disconnectSockets(true)
    }
  }

  return {
    /** Sends a change to the owner's devices and to the agents that watch. */
    change(change: ConversationChange): void {
      const { conversation } = change
      const devices = ownerRoom(conversation.owner)
      switch (change.kind) {
        case 'message':
          visitors.to(devices).emit('message', change.message)
          watchersOf(conversation.id)?.emit('message', change.message)
          // A new conversation becomes the current one on the owner's other devices.
          if (change.message.seq === 1) {
            visitors
              .to(devices)
              .except(currentRoom(conversation.id))
              .emit('conversation', conversationOf(conversation))
          }
          return
        case 'read': {
          const receipt = { conversationId: conversation.id, reader: change.reader, seq: change.seq }
          visitors.to(devices).emit('receipt', receipt)
          watchersOf(conversation.id)?.emit('receipt', receipt)
          return
        }
        case 'delivered': {
          const receipt = { conversationId: conversation.id, holder: change.holder, seq: change.seq }
          visitors.to(devices).emit('delivered', receipt)
          watchersOf(conversation.id)?.emit('delivered', receipt)
          return
        }
        case 'state':
          visitors.to(currentRoom(conversation.id)).emit('conversation', conversationOf(conversation))
          return
        default:
          change satisfies never
      }
    },
    /** Tells the visitor that someone on the agents' side types. `exceptAgent`: socket id of that agent. */
    typingToVisitor(
      conversationId: ConversationId,
      author: TypingAuthor,
      typing: boolean,
      exceptAgent?: string,
    ): void {
      const event = { conversationId, author, typing }
      // By conversation, not by owner, who may sign in between beginning and end.
      visitors.to(currentRoom(conversationId)).emit('typing', event)
      watchersOf(conversationId)
        ?.except(exceptAgent ?? [])
        .emit('typing', event)
    },
    typingToAgents(conversationId: ConversationId, typing: boolean): void {
      watchersOf(conversationId)?.emit('typing', { conversationId, author: { kind: 'visitor' }, typing })
    },
    needContext(userId: UserId, need: ContextNeed): void {
      visitors.to(userRoom(userId)).emit('context:needed', need)
    },
    /** Tells the agents that watch that the conversation's trace has grown. */
    traced(conversationId: ConversationId): void {
      watchersOf(conversationId)?.emit('conversation:traced', { conversationId })
    },
    endSessions,
    /** [PD2] As `endSessions`, for sessions whose conversations are gone: their devices show an empty one first. */
    eraseSessions(sessionIds: readonly SessionId[]): void {
      if (sessionIds.length === 0) return
      for (const id of sessionIds)
        visitors.to(sessionRoom(id)).emit('conversation', emptyConversation(newId()))
      endSessions(sessionIds, toWire(new ChatError('session-invalid', 'The session was deleted.')))
    },
    /** [PD3] Devices that show the conversation show an empty one; its owner's others read their list again. */
    conversationExpired({ id, owner }: Pick<ConversationRecord, 'id' | 'owner'>): void {
      if (!isShared && !visitors.adapter.rooms.has(ownerRoom(owner))) return
      // First: whoever is told the empty one leaves the room.
      visitors.to(ownerRoom(owner)).except(currentRoom(id)).emit('conversations:deleted')
      visitors.to(currentRoom(id)).emit('conversation', emptyConversation(newId()))
    },
    /** [PD5] Tells the app's agents to read again what they show. */
    conversationsDeleted(app: AppId): void {
      agents.to(agentsOf(app)).emit('conversations:deleted')
    },
    /** As `conversationsDeleted`, for agents of this node alone. */
    conversationsDeletedHere(app: AppId): void {
      agents.local.to(agentsOf(app)).emit('conversations:deleted')
    },
    /** Sends an outcome to the agent who asked and to those who watch the conversation; once to each window. */
    actionOutcome(agentId: AgentId, app: AppId, notice: AgentActionNotice): void {
      agents
        .to([...agentRooms(agentId, app), watchersRoom(notice.conversationId)])
        .emit('action:outcome', notice)
    },
  }
}
