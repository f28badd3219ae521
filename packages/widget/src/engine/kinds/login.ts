/** Login cards in the chat; the card itself is loaded with the first one. */
import type { TimelineItem } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import { html } from 'lit'
import type { KindView } from './kind-view.ts'

let file: 'absent' | 'asked' | 'lost' = 'absent'

/** The conversation went on signed in, on whichever device. */
function isDone({ id }: Message, items: readonly TimelineItem[]): boolean {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index]
    if (item?.kind !== 'stored') continue
    const { message } = item
    if (message.id === id) return false
    if (message.kind === 'event' && message.event.type === 'signed-in') return true
  }
  return false
}

export const login: KindView<'login'> = {
  shape: 'card',
  draw(message, { words, logins, items, loadFailed }) {
    // Most conversations have no card. Tried once: browsers remember a module that could not be loaded.
    if (file === 'absent') {
      file = 'asked'
      import('../elements/chat-login-card.ts').catch(() => {
        file = 'lost'
        loadFailed()
      })
    }
    // Without its file, what the card says can at least be read.
    if (file === 'lost') return null
    return html`<chat-widget-login-card
      exportparts="login-card, login-button"
      .words=${words}
      .message=${message}
      .request=${logins.findLast(({ messageId }) => messageId === message.id) ?? null}
      ?done=${isDone(message, items)}
      >${message.text}</chat-widget-login-card
    >`
  },
}
