/** What a host can read about a chat, put together from the parts that know it. */
import type { ChatState, ConnectionState, IdentityState } from './chat-state.ts'
import type { CurrentConversation } from './conversation.ts'
import type { LoginRequests } from './login-requests.ts'
import type { ResilientStorage } from './storage/resilient-storage.ts'

export interface SnapshotParts {
  readonly connection: { readonly state: ConnectionState }
  readonly identity: { readonly state: IdentityState }
  readonly conversation: Pick<CurrentConversation, 'id' | 'timeline' | 'typing' | 'unread'>
  readonly logins: Pick<LoginRequests, 'list'>
  readonly storage: Pick<ResilientStorage, 'saved'>
  readonly app: ChatState['app']
}

export function snapshotOf(parts: SnapshotParts): ChatState {
  const { id, timeline, typing, unread } = parts.conversation
  return {
    connection: parts.connection.state,
    identity: parts.identity.state,
    conversation: id === null ? null : { id, headSeq: timeline.headSeq },
    unread,
    timeline: timeline.view,
    typing,
    logins: parts.logins.list(),
    app: parts.app,
    saved: parts.storage.saved,
  }
}
