/** Login cards in the console, drawn as the visitor sees them, with their outcome. */
import { plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'
import type { ConsoleKind } from './console-kind.ts'
import { outcome } from './outcome.ts'
import { richText } from './text.ts'

const card = (text: string, button: string, sentAt: string, isDone = false) =>
  html`<div class="bubble card" title=${sentAt}>
    <span class="card-title">${icons.login}${words().card.title}</span>
    <p dir="auto">${richText(text, 'plain')}</p>
    <span class="card-button"><span class="visually-hidden">${words().card.buttonIs} </span><bdi>${plainName(button)}</bdi></span>
    ${isDone ? outcome(true, words().history.states.identified) : nothing}
  </div>`

export const login: ConsoleKind<'login'> = {
  shape: 'bubble',
  describe: (message) => words().card.described(message.text),
  draw: ({ text, login, seq }, { sentAt, answers }) =>
    card(text, login.button, sentAt, answers.isSignedInAfter(seq)),
  drawPending: ({ login }, { sentAt = '' }) => card(login.text, login.button, sentAt),
}
