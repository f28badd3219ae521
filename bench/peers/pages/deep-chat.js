import 'deep-chat'
import { offerAppend, readHistory } from './history.js'

const messageOf = ({ text }) => ({ text, role: 'ai' })

const chat = document.createElement('deep-chat')
chat.style.cssText = 'inline-size: 400px; block-size: 640px'
// Nothing is sent; without a service the chat shows a notice in place of its composer.
chat.connect = { handler: (_body, signals) => signals.onResponse({ text: '' }) }
chat.history = (await readHistory()).map(messageOf)
document.body.append(chat)
offerAppend((line) => chat.addMessage(messageOf(line)))
