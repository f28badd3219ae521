/** State of a chat that a host reads, composed from its parts. */
import { type ChatState, INITIAL_STATE } from './chat-state.ts'
import type { ClientParts } from './client-parts.ts'

export function snapshotOf({
  connection,
  identity,
  conversations,
  belongings,
  storage,
  app,
}: ClientParts): ChatState {
  const { current, list, unread } = conversations
  const { id, timeline, typing } = current
  return {
    connection: connection.state,
    identity: identity.state,
    conversation: id === null ? null : { id, headSeq: timeline.headSeq },
    unread,
    conversations: list,
    timeline: timeline.view,
    typing,
    // One for all states: a list that is the same object is not drawn again.
    logins: belongings.logins?.list() ?? INITIAL_STATE.logins,
    app,
    saved: storage.saved,
  }
}
