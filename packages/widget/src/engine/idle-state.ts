/** What a chat looks like before there is a client. */
import type { ChatState } from '@chat-widget/client'

export const IDLE_STATE: ChatState = {
  connection: { status: 'closed' },
  identity: { status: 'anonymous' },
  conversation: null,
  unread: 0,
  conversations: [],
  timeline: { items: [], hasOlder: false, status: 'empty' },
  typing: null,
  logins: [],
  app: null,
  saved: 'persistent',
}
