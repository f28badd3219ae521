/** State of a chat that a host reads, composed from its parts. */
import type { ChatState, ConnectionState, IdentityState } from './chat-state.ts'
import type { LoginRequests } from './login-requests.ts'
import type { ResilientStorage } from './storage/resilient-storage.ts'
import type { VisitorConversations } from './visitor-conversations.ts'

export interface SnapshotParts {
  readonly connection: { readonly state: ConnectionState }
  readonly identity: { readonly state: IdentityState }
  readonly conversations: Pick<VisitorConversations, 'current' | 'list' | 'unread'>
  readonly logins: Pick<LoginRequests, 'list'>
  readonly storage: Pick<ResilientStorage, 'saved'>
  readonly app: ChatState['app']
}

export function snapshotOf(parts: SnapshotParts): ChatState {
  const { current, list, unread } = parts.conversations
  const { id, timeline, typing } = current
  return {
    connection: parts.connection.state,
    identity: parts.identity.state,
    conversation: id === null ? null : { id, headSeq: timeline.headSeq },
    unread,
    conversations: list,
    timeline: timeline.view,
    typing,
    logins: parts.logins.list(),
    app: parts.app,
    saved: parts.storage.saved,
  }
}
