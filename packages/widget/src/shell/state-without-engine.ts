/** The state of a chat whose engine is not loaded. */
import type { ChatUser } from '@chat-widget/client'
import type { ChatWidgetState } from '../public-types.ts'

export const stateWithoutEngine = (
  user: ChatUser | null | undefined,
  unread: number,
): Omit<ChatWidgetState, 'open'> => ({
  connection: { status: 'closed' },
  identity: user
    ? { status: 'authenticating', userIdentifier: user.userIdentifier }
    : { status: 'anonymous' },
  conversation: null,
  conversations: [],
  unread,
})
