/** Words for a visitor's login inside the chat ([AR16]). */
import type { ConversationLogin } from '@chat-widget/protocol'
import { words } from '../words/words.ts'

/**
 * Tone of a login's state. `bad`: the visitor waits in vain, or somebody refused; `plain`: nothing an agent could act
 * on.
 */
export type LoginTone = 'waiting' | 'good' | 'bad' | 'plain'

export interface LoginProgressWords {
  readonly text: string
  readonly tone: LoginTone
}

export function loginWords(status: ConversationLogin['status']): LoginProgressWords {
  switch (status) {
    case 'pending':
      return { text: words().login.states.pending, tone: 'waiting' }
    case 'approved':
      return { text: words().login.states.approved, tone: 'good' }
    case 'denied':
      return { text: words().login.states.denied, tone: 'bad' }
    case 'expired':
      return { text: words().login.states.expired, tone: 'plain' }
    case 'canceled':
      return { text: words().login.states.canceled, tone: 'plain' }
    case 'undeliverable':
    case 'unauthorized':
    case 'errored':
      return { text: words().login.states.undeliverable, tone: 'bad' }
    default:
      status satisfies never
      // A newer server may send a status that this version does not know.
      return { text: String(status), tone: 'plain' }
  }
}
