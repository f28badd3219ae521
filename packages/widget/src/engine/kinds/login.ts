/** Login cards in the chat; the card itself is loaded with the first one. */
import { html } from 'lit/html.js'
import { onDemand } from '../on-demand.ts'
import type { KindView } from './kind-view.ts'

const card = onDemand(() => import('./login-card.ts'))
let isLost = false

export const login: KindView<'login'> = {
  shape: 'card',
  draw(message, context) {
    const part = context.need(card, () => {
      isLost = true
    })
    if (part !== undefined) return part.drawLoginCard(message, context)
    // Without its file, the card's text can at least be read.
    return isLost ? null : html`<chat-widget-login-card>${message.text}</chat-widget-login-card>`
  },
}
