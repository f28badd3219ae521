/** Words for a visitor's login inside the chat ([AR16]). */
import type { BuiltInMethod, ConversationLogin } from '@chat-widget/protocol'

export const methodWords = (method: BuiltInMethod): string => (method === 'email' ? 'email' : 'identifier')

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
      return { text: 'waiting for approval', tone: 'waiting' }
    case 'approved':
      return { text: 'approved', tone: 'good' }
    case 'denied':
      return { text: 'denied', tone: 'bad' }
    case 'expired':
      return { text: 'expired without an answer', tone: 'plain' }
    case 'canceled':
      return { text: 'canceled', tone: 'plain' }
    case 'undeliverable':
    case 'unauthorized':
    case 'errored':
      return { text: 'cannot be delivered: nobody was asked (the visitor does not see this)', tone: 'bad' }
    default:
      status satisfies never
      // A newer server may send a status that this version does not know.
      return { text: String(status), tone: 'plain' }
  }
}
