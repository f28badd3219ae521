/** Login cards in the console, drawn as the visitor sees them. */
import { html } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'
import type { ConsoleKind } from './console-kind.ts'

const card = (text: string, button: string, sentAt: string) =>
  html`<div class="bubble card" title=${sentAt}>
    <span class="card-title">${icons.login}${words().card.title}</span>
    <p dir="auto">${text}</p>
    <span class="card-button"><span class="visually-hidden">${words().card.buttonIs} </span>${button}</span>
  </div>`

export const login: ConsoleKind<'login'> = {
  shape: 'bubble',
  describe: (message) => words().card.described(message.text),
  draw: (message, sentAt) => card(message.text, message.login.button, sentAt),
  drawPending: ({ login }, sentAt) => card(login.text, login.button, sentAt),
}
