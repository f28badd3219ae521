import 'stream-chat-react/css/index.css'
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { StreamChat } from 'stream-chat'
import { Channel, Chat, MessageComposer, VirtualizedMessageList, Window } from 'stream-chat-react'
import { offerAppend, readHistory } from './history.js'

const messageOf = ({ id, text, author, at }) => ({
  id: `message-${id}`,
  type: 'regular',
  text,
  html: '',
  user: { id: author.name, name: author.name },
  created_at: new Date(at),
  updated_at: new Date(at),
  attachments: [],
  latest_reactions: [],
  own_reactions: [],
  reaction_counts: {},
  status: 'received',
})

// A client that is signed in and never connects: the messages are given to its channel as the server's events are.
const client = new StreamChat('bench', { allowServerSideConnect: true })
client.user = { id: 'visitor', name: 'Visitor' }
client.userID = 'visitor'
client.tokenManager.token = 'none'
client.wsPromise = Promise.resolve(true)
const channel = client.channel('messaging', 'bench', { name: 'Northwind' })
channel.initialized = true
channel.state.addMessagesSorted((await readHistory()).map(messageOf), false, true)
// Marking as read would be a request of each message.
channel.markRead = () => Promise.resolve(null)
channel.countUnread = () => 0

const host = document.createElement('div')
host.style.cssText = 'inline-size: 400px; block-size: 640px'
document.body.append(host)
createRoot(host).render(
  h(
    Chat,
    { client },
    h(Channel, { channel }, h(Window, null, h(VirtualizedMessageList), h(MessageComposer))),
  ),
)

offerAppend((line) => {
  const message = messageOf(line)
  client.dispatchEvent({
    type: 'message.new',
    cid: channel.cid,
    channel_type: 'messaging',
    channel_id: 'bench',
    message,
    user: message.user,
    created_at: message.created_at,
  })
})
