import '@n8n/chat/style.css'
import { createChat } from '@n8n/chat'
import { offerAppend, readHistory } from './history.js'

const messageOf = ({ id, text, at }) => ({ id: String(id), type: 'text', text, sender: 'bot', createdAt: at })

const host = document.createElement('div')
host.style.cssText = 'inline-size: 400px; block-size: 640px'
document.body.append(host)
const history = await readHistory()
const app = createChat({
  webhookUrl: '/none',
  target: host,
  mode: 'fullscreen',
  loadPreviousSession: false,
  initialMessages: [],
})
const { $chat } = app.config.globalProperties
$chat.currentSessionId.value = 'bench'
$chat.messages.value = history.map(messageOf)
// It scrolls by itself after what the visitor sends alone.
new MutationObserver(() => {
  const list = host.querySelector('.chat-body')
  if (list !== null) list.scrollTop = list.scrollHeight
}).observe(host, { childList: true, subtree: true })
offerAppend((line) => $chat.messages.value.push(messageOf(line)))
