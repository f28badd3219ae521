import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css'
import {
  ChatContainer,
  MainContainer,
  Message,
  MessageInput,
  MessageList,
} from '@chatscope/chat-ui-kit-react'
import { createElement as h, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { offerAppend, readHistory } from './history.js'

function Chat({ history }) {
  const [lines, setLines] = useState(history)
  offerAppend((line) => setLines((shown) => [...shown, line]))
  return h(
    MainContainer,
    null,
    h(
      ChatContainer,
      null,
      h(
        MessageList,
        null,
        lines.map(({ id, text, author, at }) =>
          h(Message, {
            key: id,
            model: {
              message: text,
              sender: author.name,
              sentTime: at,
              direction: 'incoming',
              position: 'single',
            },
          }),
        ),
      ),
      h(MessageInput, { placeholder: 'Write a message' }),
    ),
  )
}

const host = document.createElement('div')
host.style.cssText = 'inline-size: 400px; block-size: 640px'
document.body.append(host)
createRoot(host).render(h(Chat, { history: await readHistory() }))
